// Requests that are passed on to another server allocate nothing that fewer requests do not: asynchronous ones, and
// those that wait because a synchronous filter lies between. Not: other plugins (NativeServingTests).

using NbdFast.Testing;

namespace NbdFast.Allocations;

public sealed class NbdServingTests
{
    // Enough to bring forth every request, worker and buffer that there will ever be.
    private const int WarmUp = 100_000;
    private const int Few = 2000;
    private const int Many = 200_000;

    // What a new peak brings forth once (a batch of requests, a worker, the event of a lock that two threads want for
    // the first time). The least object for each request would be nearly 5 million bytes.
    private const long OnceBytes = 128 << 10;

    [Theory]
    [InlineData("", ReplyMode.Simple)]
    [InlineData("", ReplyMode.Structured)]
    [InlineData("", ReplyMode.Extended)]
    [InlineData("--io=epoll", ReplyMode.Structured)]
    [InlineData("--filter=offset", ReplyMode.Simple)]
    [InlineData("--filter=offset", ReplyMode.Structured)]
    [InlineData("--filter=offset", ReplyMode.Extended)]
    [InlineData("", ReplyMode.Structured, true)]
    public void Many_requests_allocate_no_more_than_a_few(string options, ReplyMode mode, bool isHole = false)
    {
        using ServerProcess upstream = ServerProcess.Start(isHole ? "null 4M" : "memory 4M");
        using ServerProcess server = ServerProcess.Start(
            $"-D nbdkit.allocations=1 {options} nbd socket={upstream.SocketPath}");
        Serve(server, mode, WarmUp, isHole);
        long few = Serve(server, mode, Few, isHole);
        long many = Serve(server, mode, Many, isHole);
        Assert.InRange(many - few, -OnceBytes, OnceBytes);
    }

    private static long Serve(ServerProcess server, ReplyMode mode, int requests, bool isHole) => ServedRequests.By(
        server,
        mode,
        requests,
        [
            new(mode, NbdWire.CmdWrite, 4096, 64),
            new(mode, NbdWire.CmdRead, 4096, 64, isHole: isHole),
            // All of what is read, so that it is one piece.
            new(mode, NbdWire.CmdWrite, 65_536, 16),
            new(mode, NbdWire.CmdRead, 65_536, 16, isHole: isHole),
            new(mode, NbdWire.CmdFlush, 0, 8),
        ]).Bytes;
}
