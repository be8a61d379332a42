// A server whose disk is swap space: its memory and its files. Not: swapping itself (GuestServerTests).

using System;
using System.Globalization;
using System.IO;
using System.Linq;
using NbdFast.Testing;

namespace NbdFast.Interop;

[Trait("Needs", "root")]
public sealed class SwapTests
{
    private const int MostLockedKiB = 40 << 10;

    private const string Traffic = """
        data = bytes(range(256)) * 1024
        for i in range(64):
            h.pwrite(data, i * len(data))
        for i in range(64):
            assert h.pread(len(data), i * len(data)) == data
            assert h.pread(4096, i * 4096) == data[:4096]
        h.pwrite(b'not aligned', 77, nbd.CMD_FLAG_FUA)
        assert h.pread(11, 77) == b'not aligned'
        h.flush()
        """;

    [Theory]
    [InlineData("memory 64M")]
    [InlineData("file disk")]
    public void All_of_the_server_is_locked_and_stays_as_it_is_under_load(string arguments)
    {
        using TempFolder folder = new();
        using (FileStream disk = File.Create(folder.File("disk")))
            disk.SetLength(64 << 20);
        using ServerProcess server = ServerProcess.Start(
            $"--swap {arguments.Replace("disk", folder.File("disk"), StringComparison.Ordinal)}");
        int locked = LockedKiB(server);
        Assert.InRange(locked, 4 << 10, MostLockedKiB);
        string threads = StatusOf(server, "Threads");
        string faults = MajorFaults(server);
        Nbdsh(server, Traffic);
        Assert.Equal(threads, StatusOf(server, "Threads"));
        Assert.Equal(faults, MajorFaults(server));
        if (!arguments.StartsWith("memory", StringComparison.Ordinal))
            Assert.InRange(LockedKiB(server), locked, MostLockedKiB);   // A loop may take a ring.
    }

    // With threads, as it is without --io: loops have rings and buffers of their own. strace(1) sees what the server
    // asks of the kernel; what it touches for the first time shows as minor faults.
    [Theory]
    [InlineData("file disk")]
    [InlineData("memory 64M allocator=malloc,mlock=true")]
    [InlineData("--filter=cow file disk")]
    public void A_request_takes_no_memory_no_thread_and_no_page_that_is_not_there(string arguments)
    {
        Requires.Tools("strace");
        using TempFolder folder = new();
        WriteDisk(folder.File("disk"));
        using ServerProcess server = ServerProcess.Start(
            $"--swap --io=threads {arguments.Replace("disk", folder.File("disk"), StringComparison.Ordinal)}");
        Nbdsh(server, $$"""
            import subprocess

            def minor():
                return open('/proc/{{server.ProcessId}}/stat').read().rsplit(')', 1)[1].split()[7]

            def traffic():
            {{string.Join('\n', Traffic.Split('\n').Select(line => "    " + line))}}
                held = [nbd.Buffer(65536) for _ in range(32)]
                for i, buffer in enumerate(held):
                    h.aio_pread(buffer, i * 65536)
                while h.aio_in_flight():
                    h.poll(-1)

            traffic()
            calls = '%memory,clone,clone3,execve,openat'
            strace = subprocess.Popen(
                ['strace', '-f', '-p', '{{server.ProcessId}}', '-e', 'trace=' + calls], stderr=subprocess.PIPE)
            assert b'attached' in strace.stderr.readline()
            before = minor()
            traffic()
            after = minor()
            strace.terminate()
            seen = [line for line in strace.stderr if b'(' in line]
            assert not seen, seen
            assert after == before, (after, before)
            """);
    }

    [Fact]
    public void The_check_names_what_is_not_safe_and_ends_with_1()
    {
        using TempFolder folder = new();
        using (FileStream disk = File.Create(folder.File("disk")))
            disk.SetLength(1 << 20);
        CommandResult result = ShellCommand.Run(
            $"nbdfast --swap-check --filter=cow --filter=delay file {folder.File("disk")}");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("\nfilter delay: NOT SAFE: nothing is known", result.Output, StringComparison.Ordinal);
        Assert.Contains("\nfilter cow: safe: ", result.Output, StringComparison.Ordinal);
        Assert.Contains("\nplugin file: NOT SAFE: it has a hole at 0", result.Output, StringComparison.Ordinal);
        Assert.StartsWith("socket: NOT SAFE: the kernel may drop", result.Output, StringComparison.Ordinal);
        Assert.Contains("\nlocked memory: safe: ", result.Output, StringComparison.Ordinal);
        Assert.EndsWith("\nNOT SAFE for swap", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-U /nowhere/s file disk", "plugin file: safe")]
    [InlineData("-U - -v memory 1M", "messages: NOT SAFE")]
    [InlineData("-U - -v memory 1M", "plugin memory: NOT SAFE: it takes memory as it is written")]
    [InlineData("-U - memory 1M allocator=malloc,mlock=true", "plugin memory: safe")]
    [InlineData("-U - file dir=.", "plugin file: NOT SAFE: which file")]
    [InlineData("-U - --filter=offset memory 1M offset=512", "filter offset: NOT SAFE: pages")]
    [InlineData("-r -U - memory 1M", "writing: NOT SAFE")]
    [InlineData("-U - file /dev/shm/nbdfast-swap-check", "plugin file: NOT SAFE: it is in memory")]
    public void The_check_looks_at_each_part_of_a_command_line(string arguments, string verdict)
    {
        using TempFolder folder = new();
        WriteDisk(folder.File("disk"));
        CommandResult result = ShellCommand.Run(
            $"truncate -s 1M /dev/shm/nbdfast-swap-check; " +
            $"nbdfast --swap-check {arguments.Replace("disk", folder.File("disk"), StringComparison.Ordinal)}; " +
            "rm /dev/shm/nbdfast-swap-check");
        Assert.Contains("\n" + verdict, "\n" + result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_is_served_past_the_page_cache()
    {
        using TempFolder folder = new();
        using (FileStream disk = File.Create(folder.File("disk")))
            disk.SetLength(64 << 20);
        using ServerProcess server = ServerProcess.Start($"--swap file {folder.File("disk")}");
        Nbdsh(server, $$"""
            import os
            folder = '/proc/{{server.ProcessId}}'
            flags = [int(open(f'{folder}/fdinfo/{fd}').read().split()[3], 8) for fd in os.listdir(folder + '/fd')]
            assert any(f & 0o40000 for f in flags), flags
            """);
        Nbdsh(server, Traffic);
        Nbdsh(server, "assert h.pread(11, 77) == b'not aligned'");
    }

    [Fact]
    public void Who_may_not_lock_memory_is_told_what_to_do()
    {
        CommandResult result = ShellCommand.Run(
            "setpriv --bounding-set=-ipc_lock,-sys_resource " +
            "sh -c 'ulimit -l 64; exec nbdfast --swap -f -p 0 memory 1M'");
        result.Failed(1, "mlockall: Cannot allocate memory: raise the limit of locked memory (ulimit -l unlimited)");
    }

    private static void WriteDisk(string path) => File.WriteAllBytes(path, new byte[64 << 20]);

    private static void Nbdsh(ServerProcess server, string script) => ShellCommand.Run(
        $"nbdsh -u \"$uri\" -c - <<'END'\n{script}\nEND",
        new System.Collections.Generic.Dictionary<string, string> { ["uri"] = server.Uri }).Succeeded();

    // What is present of the locked mappings. "Locked:" counts a page in parts, by how many processes have it at the
    // time: it would tell of other servers that start and end.
    private static int LockedKiB(ServerProcess server)
    {
        int sum = 0;
        int present = 0;
        foreach (string line in File.ReadLines($"/proc/{server.ProcessId}/smaps"))
        {
            if (line.StartsWith("Rss:", StringComparison.Ordinal))
                present = int.Parse(line[4..^2], CultureInfo.InvariantCulture);
            else if (line.StartsWith("VmFlags:", StringComparison.Ordinal) &&
                line.Contains(" lo", StringComparison.Ordinal))
                sum += present;
        }

        return sum;
    }

    private static string StatusOf(ServerProcess server, string field) =>
        File.ReadLines($"/proc/{server.ProcessId}/status").Single(line => line.StartsWith(field + ":"));

    private static string MajorFaults(ServerProcess server) =>
        File.ReadAllText($"/proc/{server.ProcessId}/stat").Split(' ')[11];
}
