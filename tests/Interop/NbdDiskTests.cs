// Exports of other servers, passed on to real clients. Not: servers that break the protocol (Core.Tests/Client), TLS
// (NbdTlsTests).

using NbdFast.Testing;

namespace NbdFast.Interop;

public sealed class NbdDiskTests
{
    private const string Noise = "head -c 8M /dev/urandom >noise; truncate -s 64M disk";

    private const string UseAll = """
        nbdcopy noise $uri && nbdcopy $uri back && cmp -n 8388608 noise back
        qemu-img compare -f raw -F raw back $uri
        qemu-io -f raw -c 'write -P 0x5a 64k 256k' -c 'write -z 128k 64k' -c 'discard 0 4k' -c flush \
            -c 'read -P 0x5a 64k 64k' -c 'read -P 0 128k 64k' -c 'read -P 0x5a 192k 128k' $uri
        """;

    // Places of chunks: offset, length, 1 for data and 2 for a hole.
    private const string Sparse = "[(0, 65536, 1), (65536, 131072, 2), (196608, 65536, 1)]";
    private const string Whole = "[(0, 262144, 1)]";

    [Theory]
    [InlineData("nbdkit -f -U upstream memory 64M")]
    [InlineData("nbdkit -f -U upstream --no-sr memory 64M")]
    [InlineData("nbdkit -f -U upstream --mask-handshake=0 memory 64M")]
    [InlineData("nbdkit -f -U upstream file disk")]
    [InlineData("nbdfast -f -U upstream memory 64M")]
    [InlineData("nbdfast -f -U upstream -o memory 64M")]
    [InlineData("nbdfast -f -U upstream nbd command=nbdkit arg=memory arg=64M")]
    [InlineData("qemu-nbd -t -e 10 -f raw -k $PWD/upstream disk")]
    public void All_servers_can_be_used_as_if_they_were_there(string upstream)
    {
        Requires.Tools("nbdkit", "nbdcopy", "qemu-nbd", "qemu-img", "qemu-io");
        Through(upstream, "socket=upstream", UseAll).Succeeded();
    }

    // What the other server tells as holes, the client is told as holes: not as zeroes, which it would store.
    [Theory]
    [InlineData("nbdfast -f -U upstream memory 64M", "", Sparse)]
    [InlineData("nbdfast -f -U upstream memory 64M", "-v", Sparse)]
    [InlineData("nbdfast -f -U upstream memory 64M", "--filter=nozero", Sparse)]
    [InlineData("qemu-nbd -t -e 10 -f raw -k $PWD/upstream disk", "", Sparse)]
    [InlineData("nbdfast -f -U upstream memory 64M", "--filter=offset", Whole)]
    [InlineData("nbdfast -f -U upstream --no-sr memory 64M", "", Whole)]
    public void Holes_of_a_read_stay_holes(string upstream, string options, string chunks)
    {
        Requires.Tools("nbdsh", "qemu-nbd");
        string told = Through(upstream, "socket=upstream 2>log", """
            nbdsh -u $uri -c - <<'EOF'
            h.pwrite(b"x" * 65536, 0)
            h.pwrite(b"y" * 65536, 196608)
            told = []
            def tell(data, offset, status, error): told.append((offset, len(data), status))
            data = h.pread_structured(262144, 0, tell)
            assert data == b"x" * 65536 + bytes(131072) + b"y" * 65536
            print(told)
            # All in one chunk, for who asks for that.
            told = []
            h.pread_structured(262144, 0, tell, nbd.CMD_FLAG_DF)
            assert told == [(0, 262144, 1)], told
            # A hole alone is one chunk.
            told = []
            h.pread_structured(65536, 1 << 20, tell, nbd.CMD_FLAG_DF)
            assert len(told) == 1 and told[0][1] == 65536, told
            EOF
            """, options).Succeeded();
        Assert.Equal(chunks, told);
    }

    [Fact]
    public void Of_very_many_holes_in_a_read_none_costs_data()
    {
        Requires.Tools("nbdsh");
        Through("nbdfast -f -U upstream memory 64M", "socket=upstream", """
            nbdsh -u $uri -c - <<'EOF'
            told = []
            def tell(data, offset, status, error): told.append((offset, len(data), status))
            for first in (0, 4096):
                for page in range(64):
                    h.pwrite(bytes([page + 1]) * 4096, (1 << 20) + first + page * 8192)
                    wanted = h.pread(64 * 8192, 1 << 20)
                    told = []
                    assert h.pread_structured(64 * 8192, 1 << 20, tell) == wanted
                    places = sorted(told)
                    assert places[0][0] == 1 << 20 and sum(place[1] for place in places) == 64 * 8192
                    assert all(a[0] + a[1] == b[0] for a, b in zip(places, places[1:]))
                    assert all(not any(wanted[a[0] - (1 << 20):][:a[1]]) for a in places if a[2] == 2)
            EOF
            """).Succeeded();
    }

    [Fact]
    public void An_oldstyle_server_of_nbdkit_is_served()
    {
        Requires.Tools("nbdkit", "nbdcopy", "qemu-img");
        // Without a flush, which nbdkit 1.32 offers in the old style and then refuses.
        Through("nbdkit -f -U upstream -o memory 64M", "socket=upstream", """
            nbdcopy noise $uri && nbdcopy $uri back && cmp -n 8388608 noise back
            qemu-img compare -f raw -F raw back $uri
            """).Succeeded();
    }

    [Theory]
    [InlineData("shared=true")]
    [InlineData("connections=4")]
    [InlineData("shared=true connections=3")]
    public void All_ways_to_connect_serve_the_same(string parameters)
    {
        Requires.Tools("nbdcopy", "qemu-img", "qemu-io");
        Through("nbdfast -f -U upstream memory 64M", $"socket=upstream {parameters}", UseAll).Succeeded();
    }

    [Fact]
    public void An_old_server_of_the_system_is_served()
    {
        Requires.Tools("nbd-server", "nbdcopy");
        // It wants a TCP port even beside a Unix socket, and goes to the background.
        Shell($$"""
            {{Noise}}
            cat >config <<CONFIG
            [generic]
            allowlist = true
            unixsock = $PWD/upstream
            listenaddr = 127.0.0.1
            port = $((20000 + RANDOM % 10000))
            [one]
            exportname = $PWD/disk
            CONFIG
            nbd-server -C $PWD/config -p $PWD/pid >/dev/null 2>&1 </dev/null
            for i in $(seq 200); do [ -s pid ] && break; sleep 0.05; done
            nbdfast -U - nbd socket=upstream export=one --run '
                nbdcopy noise $uri && nbdcopy $uri back && cmp -n 8388608 noise back'
            result=$?; kill $(cat pid); exit $result
            """).Succeeded();
    }

    [Fact]
    public void A_qcow2_image_is_served_by_a_command_that_ends_with_the_server()
    {
        Requires.Tools("qemu-nbd", "qemu-img", "qemu-io", "nbdcopy");
        Shell($"""
            {Noise}
            qemu-img create -q -f qcow2 image 64M
            cat >use <<'USE'
            {UseAll}
            pgrep -f "arg-of-$PWD\|$PWD/image" >children
            USE
            nbdfast -U - nbd command=qemu-nbd arg=-f arg=qcow2 arg=$PWD/image --run '. ./use'
            for child in $(cat children); do [ ! -e /proc/$child ] || grep -q Z /proc/$child/stat || exit 9; done
            qemu-img check -q image
            """).Succeeded();
    }

    [Fact]
    public void Four_clients_at_once_keep_their_quarters()
    {
        Requires.Tools("nbdsh");
        Through("nbdfast -f -U upstream memory 64M", "socket=upstream shared=true", """
            export uri
            for i in 0 1 2 3; do
                nbdsh -u $uri -c "
            import os
            for offset in range($i << 24, ($i + 1) << 24, 1 << 20):
                data = os.urandom(300000)
                h.pwrite(data, offset)
                assert h.pread(len(data), offset) == data, offset
            h.shutdown()" & pids="$pids $!"
            done
            for pid in $pids; do wait $pid || exit 1; done
            """).Succeeded();
    }

    [Fact]
    public void Exports_are_listed_and_chosen_by_clients_if_they_may()
    {
        Requires.Tools("nbdinfo");
        Shell("""
            mkdir many; truncate -s 1M many/one; truncate -s 2M many/two
            nbdfast -f -U upstream file dir=many & server=$!
            until [ -S upstream ]; do sleep 0.05; done
            nbdfast -U - nbd socket=upstream dynamic-export=true --run '
                nbdinfo --list "$uri" | grep -c "export=\"\(one\|two\)\"" | grep -x 2 &&
                nbdinfo --size "nbd+unix:///two?socket=$unixsocket" | grep -x 2097152 &&
                ! nbdinfo --size "nbd+unix:///three?socket=$unixsocket"' || exit 1
            nbdfast -U - nbd socket=upstream export=two --run 'nbdinfo --size "$uri" | grep -x 2097152'
            result=$?; kill $server; wait $server; exit $result
            """).Succeeded();
    }

    [Fact]
    public void A_socket_that_the_caller_left_open_is_used()
    {
        Requires.Tools("nbdinfo", "nbdkit");
        Shell("""
            cat >start.py <<'PY'
            import os, socket, subprocess, sys
            ours, theirs = socket.socketpair()
            server = subprocess.Popen(['nbdkit', '-s', 'memory', '5M'], stdin=theirs, stdout=theirs)
            theirs.close()
            os.set_inheritable(ours.fileno(), True)
            code = subprocess.call(
                ['nbdfast', '-U', '-', 'nbd', f'socket-fd={ours.fileno()}', '--run',
                 'nbdinfo --size "$uri" | grep -x 5242880 && nbdinfo --size "$uri"'], close_fds=False)
            ours.close()
            server.wait()
            sys.exit(code)
            PY
            /usr/bin/python3 start.py
            """).Succeeded();
    }

    [Fact]
    public void Filters_work_over_it()
    {
        Requires.Tools("nbdsh");
        Shell("""
            nbdfast -f -U upstream pattern 1M & server=$!
            until [ -S upstream ]; do sleep 0.05; done
            nbdfast -U - --filter=cow --filter=offset nbd socket=upstream offset=4096 range=64K --run '
                export uri; nbdsh -u "$uri" -c "
            assert h.get_size() == 65536
            assert h.pread(8, 8) == (4104).to_bytes(8, \"big\")
            h.pwrite(bytes(8), 8)
            assert h.pread(8, 8) == bytes(8)"'
            result=$?; kill $server; wait $server; exit $result
            """).Succeeded();
    }

    // A server on the socket "upstream", ours before it, and a client.
    private static CommandResult Through(
        string upstream, string parameters, string use, string options = "") => Shell($$"""
        {{Noise}}
        cat >use <<'USE'
        set -e
        {{use}}
        USE
        {{upstream}} & server=$!
        for i in $(seq 200); do [ -S upstream ] && break; sleep 0.05; done
        nbdfast -U - {{options}} nbd {{parameters}} --run 'uri="$uri" bash -e ./use'
        result=$?
        kill $server; wait $server
        exit $result
        """);

    private static CommandResult Shell(string commands)
    {
        using TempFolder folder = new();
        return ShellCommand.Run(commands, folder: folder.Path);
    }
}
