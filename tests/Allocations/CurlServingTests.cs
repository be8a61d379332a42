// Reads of a URL by the native binary allocate nothing that fewer reads do not. Not: other plugins
// (NativeServingTests).

using NbdFast.Testing;

namespace NbdFast.Allocations;

public sealed class CurlServingTests
{
    private const int WarmUp = 4000;
    private const int Few = 500;
    private const int Many = 10_000;

    // What a new peak of requests under way brings forth once; the least object for each request would be ten times
    // that.
    private const long OnceBytes = 24 << 10;

    [Theory]
    [InlineData("")]
    [InlineData("readahead=0")]
    public void Many_reads_allocate_no_more_than_a_few(string parameters)
    {
        using NginxServer web = new("head -c 1M /dev/urandom >disk");
        using ServerProcess server =
            ServerProcess.Start($"-D nbdkit.allocations=1 -r curl {web.Url("disk")} {parameters}");
        Read(server, WarmUp);
        long few = Read(server, Few);
        long many = Read(server, Many);
        Assert.InRange(many - few, -OnceBytes, OnceBytes);
    }

    private static long Read(ServerProcess server, int requests) => ServedRequests.By(
        server, ReplyMode.Structured, requests, [new(ReplyMode.Structured, NbdWire.CmdRead, 4096, 8)]).Bytes;
}
