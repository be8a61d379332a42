// Requests for a file of another host by the native binary allocate nothing that fewer requests do not. Not: other
// plugins (NativeServingTests).

using NbdFast.Testing;

namespace NbdFast.Allocations;

public sealed class SshServingTests
{
    private const int WarmUp = 20_000;
    private const int Few = 1000;
    private const int Many = 40_000;

    // What a new peak of requests under way brings forth once. The least object for each request would be ten times
    // that.
    private const long OnceBytes = 96 << 10;

    [Fact]
    public void Many_requests_allocate_no_more_than_a_few()
    {
        using SshServer ssh = new("head -c 4M /dev/urandom >disk");
        using ServerProcess server =
            ServerProcess.Start($"-D nbdkit.allocations=1 ssh {ssh.Parameters} {ssh.Files}/disk");
        Serve(server, WarmUp);
        long few = Serve(server, Few);
        long many = Serve(server, Many);
        Assert.InRange(many - few, -OnceBytes, OnceBytes);
    }

    private static long Serve(ServerProcess server, int requests) => ServedRequests.By(
        server,
        ReplyMode.Structured,
        requests,
        [
            new(ReplyMode.Structured, NbdWire.CmdWrite, 4096, 32),
            new(ReplyMode.Structured, NbdWire.CmdRead, 4096, 64),
        ]).Bytes;
}
