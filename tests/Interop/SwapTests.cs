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
            Assert.InRange(LockedKiB(server), locked, MostLockedKiB);
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

    private static void Nbdsh(ServerProcess server, string script) => ShellCommand.Run(
        $"nbdsh -u \"$uri\" -c - <<'END'\n{script}\nEND",
        new System.Collections.Generic.Dictionary<string, string> { ["uri"] = server.Uri }).Succeeded();

    private static int LockedKiB(ServerProcess server) => File.ReadLines($"/proc/{server.ProcessId}/smaps")
        .Where(line => line.StartsWith("Locked:", StringComparison.Ordinal))
        .Sum(line => int.Parse(line[7..^2], CultureInfo.InvariantCulture));

    private static string StatusOf(ServerProcess server, string field) =>
        File.ReadLines($"/proc/{server.ProcessId}/status").Single(line => line.StartsWith(field + ":"));

    private static string MajorFaults(ServerProcess server) =>
        File.ReadAllText($"/proc/{server.ProcessId}/stat").Split(' ')[11];
}
