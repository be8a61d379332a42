// Info disks read by real clients, over every kind of socket. Not: the modes one by one (Plugins.Tests).

using System.Globalization;
using NbdFast.Testing;

namespace NbdFast.Interop;

public sealed class InfoDiskTests
{
    [Fact]
    public void A_client_over_IPv4_finds_its_address_and_port()
    {
        Requires.Tools("nbdsh");
        using ServerProcess server = ServerProcess.StartTcp("info address");
        server.Run("""
            nbdsh -c "
            import os, re, socket
            port = int(re.search(':([0-9]+)', os.environ['uri'].replace('nbd://[::1]', 'nbd://x'))[1])
            own = socket.create_connection(('127.0.0.1', port))
            h.connect_socket(own.detach())
            told = h.pread(h.get_size(), 0).decode()
            own = socket.socket(fileno=os.dup(h.aio_get_fd()))
            assert told == '127.0.0.1:%d' % own.getsockname()[1], told
            h.shutdown()"
            """);
    }

    [Fact]
    public void A_client_over_IPv6_finds_its_address_in_brackets()
    {
        Requires.Tools("nbdsh");
        CommandResult result = ShellCommand.Run("""
            nbdfast -i ::1 -p 0 info address --run 'nbdsh -u "nbd://[::1]:$port" -c "
            import os, socket
            own = socket.socket(fileno=os.dup(h.aio_get_fd()))
            told = h.pread(h.get_size(), 0).decode()
            assert told == \"[::1]:%d\" % own.getsockname()[1], told
            print(\"alike\")"'
            """);
        Assert.Equal("alike", result.Succeeded());
    }

    [Fact]
    public void A_client_of_a_Unix_socket_finds_no_path()
    {
        Requires.Tools("nbdcopy");
        using ServerProcess server = ServerProcess.Start("info address");
        Assert.Equal("unix", server.Run("nbdcopy $uri -"));
    }

    [Fact]
    public void A_whole_disk_may_come_in_the_export_name()
    {
        Requires.Tools("nbdsh");
        using ServerProcess server = ServerProcess.Start("info base64exportname");
        server.Run("""
            nbdsh -c "
            import base64, os
            disk = os.urandom(3072)
            h.set_export_name(base64.b64encode(disk).decode())
            h.connect_unix('$unixsocket')
            assert h.get_size() == len(disk)
            assert h.pread(len(disk), 0) == disk
            h.shutdown()"
            """.Replace("$unixsocket", server.SocketPath, System.StringComparison.Ordinal));
    }

    [Fact]
    public void Four_clients_at_once_each_find_their_own_name()
    {
        Requires.Tools("nbdsh");
        using ServerProcess server = ServerProcess.Start("info");
        server.Run("""
            for i in 1 2 3 4; do
                nbdsh -c "
            for n in range(50):
                h = nbd.NBD()
                name = 'client $i, time %d' % n
                h.set_export_name(name)
                h.connect_unix('SOCKET')
                assert h.pread(h.get_size(), 0).decode() == name
                h.shutdown()" & pids="$pids $!"
            done
            for pid in $pids; do wait $pid; done
            """.Replace("SOCKET", server.SocketPath, System.StringComparison.Ordinal));
    }

    [Fact]
    public void Time_of_day_is_that_of_the_client_on_the_same_machine()
    {
        Requires.Tools("nbdsh");
        using ServerProcess server = ServerProcess.Start("info time");
        string difference = server.Run("""
            nbdsh -u $uri -c "
            import struct, time
            before = time.time()
            seconds, microseconds = struct.unpack('>QI', h.pread(12, 0))
            after = time.time()
            assert microseconds < 1000000
            told = seconds + microseconds / 1e6
            print(0 if before - 0.001 <= told <= after + 0.001 else told - before)
            h.shutdown()"
            """);
        Assert.Equal(0, double.Parse(difference, CultureInfo.InvariantCulture));
    }
}
