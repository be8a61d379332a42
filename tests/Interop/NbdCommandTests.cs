// The nbd plugin before a server that it starts itself. Not: servers that are there already (NbdDiskTests).

using System;
using NbdFast.Testing;

namespace NbdFast.Interop;

public sealed class NbdCommandTests : IDisposable
{
    private const string Memory = "nbd command=nbdfast arg=memory arg=1M";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // What several connections wrote would be in several disks.
    [Theory]
    [InlineData("", 0)]
    [InlineData("shared=false", 2)]
    public void Clients_may_use_several_connections_only_if_one_command_serves_them(string parameter, int exitCode) =>
        Assert.Equal(exitCode, Run($"{Memory} {parameter}", "nbdinfo --can multi-conn \"$uri\"").ExitCode);

    [Fact]
    public void There_is_one_command_however_many_connections_are_asked_for() => Run(
        $"{Memory} connections=4",
        """
        nbdsh -u "$uri" -c "
        h.pwrite(b'x' * 512, 0)
        buffers = [nbd.Buffer(512) for _ in range(64)]
        cookies = [h.aio_pread(buffer, 0) for buffer in buffers]
        while h.aio_in_flight():
            h.poll(-1)
        assert all(h.aio_command_completed(cookie) for cookie in cookies)
        assert all(bytes(buffer.to_bytearray()) == b'x' * 512 for buffer in buffers)"
        """).Succeeded();

    [Fact]
    public void A_command_that_has_ended_is_not_taken_for_a_disk()
    {
        CommandResult result = Run(
            "nbd command=nbdfast arg=eval arg='get_size=echo 1M' arg='pread=kill -9 $PPID'",
            "! nbdsh -u \"$uri\" -c \"h.pread(512, 0)\"; ! nbdinfo --size \"$uri\"");
        result.Succeeded();
        Assert.Contains("the connection to the server has ended", result.Errors, StringComparison.Ordinal);
    }

    private CommandResult Run(string server, string client)
    {
        Requires.Tools("nbdinfo");
        System.IO.File.WriteAllText(_folder.File("client"), client);
        return ShellCommand.Run($"nbdfast -U - {server} --run '. ./client'", folder: _folder.Path);
    }
}
