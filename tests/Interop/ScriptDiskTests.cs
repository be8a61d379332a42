// Disks made of scripts, used by real clients. Not: what each answer means (Plugins.Tests), nor scripts that start
// servers (ScriptTests).

using NbdFast.Testing;

namespace NbdFast.Interop;

public sealed class ScriptDiskTests
{
    private const string Disk = """
        truncate -s 4M disk
        cat >script <<'SCRIPT'
        #!/bin/sh
        case "$1" in
            thread_model) echo parallel ;;
            config) [ "$2" = file ] && ln -s "$(realpath "$3")" "$tmpdir/disk" ;;
            magic_config_key) echo file ;;
            get_size) stat -L -c %s "$tmpdir/disk" ;;
            can_write | can_flush | can_trim | can_zero | can_multi_conn) exit 0 ;;
            pread) dd if="$tmpdir/disk" skip="$4" count="$3" iflag=count_bytes,skip_bytes bs=64k ;;
            pwrite) dd of="$tmpdir/disk" seek="$4" conv=notrunc oflag=seek_bytes bs=64k ;;
            flush) sync "$tmpdir/disk" ;;
            trim) exit 0 ;;
            zero) fallocate -z -o "$4" -l "$3" "$tmpdir/disk" || { echo EOPNOTSUPP >&2; exit 1; } ;;
            *) exit 2 ;;
        esac
        SCRIPT
        chmod +x script
        """;

    private const string Flush = """
        nbdsh -u $uri -c "
        try:
            h.flush()
            print('ok')
        except nbd.Error: print('error')"
        """;

    [Fact]
    public void A_copy_to_and_from_a_script_is_the_same()
    {
        Requires.Tools("nbdcopy", "qemu-img");
        using ServerProcess server = ServerProcess.Start("sh script disk", before: Disk);
        server.Run("head -c 4M /dev/urandom >noise && nbdcopy noise $uri && cmp noise disk && nbdcopy $uri back");
        server.Run("cmp noise back && qemu-img compare -f raw -F raw noise $uri");
    }

    [Fact]
    public void Requests_of_qemu_do_what_they_say()
    {
        Requires.Tools("qemu-io");
        using ServerProcess server = ServerProcess.Start("sh script disk", before: Disk);
        server.Run("""
            qemu-io -f raw -c 'write -P 0x5a 64k 256k' -c 'write -z 128k 64k' -c 'discard 0 4k' -c flush \
                -c 'read -P 0 0 64k' -c 'read -P 0x5a 64k 64k' -c 'read -P 0 128k 64k' -c 'read -P 0x5a 192k 128k' $uri
            """);
    }

    [Fact]
    public void Four_clients_at_once_keep_their_quarters()
    {
        Requires.Tools("nbdsh");
        using ServerProcess server = ServerProcess.Start("sh script disk", before: Disk);
        server.Run("""
            for i in 0 1 2 3; do
                nbdsh -u $uri -c "
            import os
            data = os.urandom(64 << 10)
            for offset in range($i << 20, ($i << 20) + (1 << 20), 256 << 10):
                h.pwrite(data, offset)
                assert h.pread(len(data), offset) == data, offset
            h.shutdown()" & pids="$pids $!"
            done
            for pid in $pids; do wait $pid; done
            """);
    }

    [Fact]
    public void A_script_that_hangs_keeps_nobody_else_waiting_under_the_parallel_model()
    {
        Requires.Tools("nbdsh");
        using ServerProcess server = ServerProcess.Start("""
            eval thread_model='echo parallel' get_size='echo 1M' \
                pread='[ $4 != 0 ] || until [ -e "'$dir'/go" ]; do sleep 0.1; done; head -c $3 /dev/zero'
            """);
        server.Run("""
            nbdsh -u $uri -c "
            import os
            hanging = h.aio_pread(nbd.Buffer(512), 0)
            assert h.pread(512, 512) == bytes(512)
            other = nbd.NBD()
            other.connect_uri(os.environ['uri'])
            assert other.pread(512, 512) == bytes(512)
            other.shutdown()
            assert not h.aio_command_completed(hanging)
            open('go', 'w').close()
            while not h.aio_command_completed(hanging): h.poll(-1)
            h.shutdown()"
            """);
    }

    [Theory]
    [InlineData("exit 4", "ok")]
    [InlineData("exit 5", "error")]
    public void A_script_can_end_the_server(string flush, string expected)
    {
        Requires.Tools("nbdsh");
        using ServerProcess server = ServerProcess.Start($"eval get_size='echo 1M' flush='{flush}'");
        Assert.Equal(expected, server.Run(Flush));
        Assert.Equal(0, server.WaitForEnd());
    }

    [Theory]
    [InlineData("exit 6", "error")]
    [InlineData("exit 7", "ok")]
    [InlineData("exit 8", "error")]
    public void A_script_can_disconnect_its_client_and_the_server_goes_on(string flush, string expected)
    {
        Requires.Tools("nbdsh", "nbdinfo");
        using ServerProcess server = ServerProcess.Start(
            $"eval get_size='echo 1M' flush='{flush}' pread='head -c $3 /dev/zero'");
        Assert.Equal(expected, server.Run(Flush));
        Assert.Equal("1048576", server.Run("nbdinfo --size $uri"));
        Assert.Equal(
            "gone",
            server.Run("""
                nbdsh -u $uri -c "
                try:
                    h.flush()
                except nbd.Error: pass
                try:
                    h.pread(512, 0)
                    print('there')
                except nbd.Error:
                    print('gone')"
                """));
    }

    [Fact]
    public void A_script_may_come_from_standard_input()
    {
        Requires.Tools("nbdinfo");
        CommandResult result = ShellCommand.Run("""
            nbdfast -U - sh - --run 'nbdinfo --size $uri' <<'SCRIPT'
            case "$1" in get_size) echo 3M ;; pread) head -c $3 /dev/zero ;; *) exit 2 ;; esac
            SCRIPT
            """);
        Assert.Equal("3145728", result.Succeeded());
    }

    [Fact]
    public void A_script_from_standard_input_may_name_its_interpreter()
    {
        Requires.Tools("nbdinfo");
        CommandResult result = ShellCommand.Run("""
            nbdfast -U - sh - --run 'nbdinfo --size $uri' <<'SCRIPT'
            #!/usr/bin/env python3
            import sys
            if sys.argv[1] == "get_size": print("5M")
            elif sys.argv[1] == "pread": sys.stdout.write("\0" * int(sys.argv[3]))
            else: sys.exit(2)
            SCRIPT
            """);
        Assert.Equal("5242880", result.Succeeded());
    }

    [Fact]
    public void Standard_input_cannot_be_script_and_client_at_once() =>
        ShellCommand.Run("nbdfast -s sh - </dev/null").Failed(1, "inline script is incompatible with -s");

    [Fact]
    public void A_server_in_the_background_removes_the_folder_of_its_script()
    {
        Requires.Tools("nbdinfo");
        CommandResult result = ShellCommand.Run("""
            d=$(mktemp -d); trap 'rm -r $d' EXIT
            nbdfast -U $d/s -P $d/pid eval get_size='echo 1M' open='echo $tmpdir' pread='head -c $3 /dev/zero' \
                export_description='echo "$2"'
            folder=$(nbdinfo --json "nbd+unix://?socket=$d/s" | sed -n 's/.*"description": "\(.*\)".*/\1/p')
            [ -d "$folder" ] && echo there
            pid=$(cat $d/pid); kill $pid
            while [ -d /proc/$pid ]; do sleep 0.05; done
            [ -d "$folder" ] || echo gone
            """);
        Assert.Equal("there\ngone", result.Succeeded());
    }
}
