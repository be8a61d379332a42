// A million requests to the native binary allocate nothing that a thousand do not. Not: every combination of requests
// (ServingTests).

using System;
using NbdFast.Testing;

namespace NbdFast.Allocations;

public sealed class NativeServingTests
{
    // Enough to bring forth every worker and every buffer that the process will ever need.
    private const int WarmUp = 200_000;
    private const int Few = 1000;
    private const int Many = 1_000_000;

    // Where requests change threads, a new peak of requests under way may bring forth one more thread, more buffers of
    // the pool, or the event of a lock that two threads want for the first time: each of them once in the process's
    // life. The least object for each request would be 24 million bytes.
    private const long OnceBytes = 256 << 10;

    [Theory]
    [InlineData("memory 4M", ReplyMode.Simple)]
    [InlineData("memory 4M", ReplyMode.Structured)]
    [InlineData("memory 4M", ReplyMode.Extended)]
    [InlineData("file $dir/disk", ReplyMode.Structured)]
    [InlineData("--io=epoll memory 4M", ReplyMode.Structured)]
    [InlineData("--io=epoll file $dir/disk", ReplyMode.Extended)]
    [InlineData("--io=uring memory 4M", ReplyMode.Extended)]
    [InlineData("--io=uring file $dir/disk", ReplyMode.Simple)]
    [InlineData("-D nbdkit.mayblock=1 memory 4M", ReplyMode.Simple)]
    [InlineData("--io=epoll -D nbdkit.mayblock=1 memory 4M", ReplyMode.Structured)]
    [InlineData("--filter=delay memory 4M rdelay=1us", ReplyMode.Structured)]
    [InlineData("--io=epoll --filter=delay memory 4M rdelay=1us", ReplyMode.Extended)]
    [InlineData("--tls-psk=$tls/keys.psk memory 4M", ReplyMode.Structured)]
    [InlineData("--tls-psk=$tls/keys.psk file $dir/disk", ReplyMode.Simple)]
    [InlineData("--tls-psk=$tls/keys.psk -D nbdkit.mayblock=1 memory 4M", ReplyMode.Extended)]
    public void A_million_requests_allocate_no_more_than_a_thousand(string arguments, ReplyMode mode)
    {
        using TempFolder folder = new();
        TempDisk.CreateRandom(folder.File("disk"), 4 << 20);
        string commandLine = arguments.Replace("$dir", folder.Path, StringComparison.Ordinal);
        bool isTls = commandLine.Contains("$tls", StringComparison.Ordinal);
        if (isTls)
            commandLine = commandLine.Replace("$tls", TlsFiles.Folder, StringComparison.Ordinal);
        using ServerProcess server = ServerProcess.Start($"-D nbdkit.allocations=1 {commandLine}");
        Serve(server, mode, isTls, WarmUp);
        ServedRequests few = Serve(server, mode, isTls, Few);
        ServedRequests many = Serve(server, mode, isTls, Many);
        Assert.Equal(0, many.Collections);
        bool staysOnThread = arguments.StartsWith("memory", StringComparison.Ordinal)
            || arguments.EndsWith("keys.psk memory 4M", StringComparison.Ordinal);
        long allowed = staysOnThread ? 0 : OnceBytes;
        Assert.InRange(many.Bytes - few.Bytes, -OnceBytes, allowed);
    }

    private static ServedRequests Serve(ServerProcess server, ReplyMode mode, bool isTls, int requests) =>
        ServedRequests.By(
            server,
            mode,
            requests,
            [
                // First, for what was never written is told as a hole, which is shorter.
                new(mode, NbdWire.CmdWrite, 4096, 64),
                new(mode, NbdWire.CmdRead, 4096, 64),
                new(mode, NbdWire.CmdFlush, 0, 8),
            ],
            isTls);
}
