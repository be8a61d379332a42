// Reads of a URL by the native binary allocate nothing that fewer reads do not. Not: other plugins
// (NativeServingTests).

using System;
using System.Globalization;
using System.Text.RegularExpressions;
using System.Threading;
using NbdFast.Testing;

namespace NbdFast.Allocations;

public sealed partial class CurlServingTests
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

    private static long Read(ServerProcess server, int requests)
    {
        RequestBatch batch = new(ReplyMode.Structured, NbdWire.CmdRead, 4096, 8);
        int told = Reports(server).Count;
        using (RawClient client = RawClient.Connect(server))
        {
            client.Greet();
            client.Negotiate(ReplyMode.Structured);
            client.Go();
            for (int sent = 0; sent < requests; sent += batch.Count)
                batch.Run(client);
            client.Disconnect();
            client.ReceiveToEnd();
        }

        Assert.True(
            SpinWait.SpinUntil(() => Reports(server).Count > told, TimeSpan.FromSeconds(30)),
            $"the server does not tell what it allocated: {server.Errors}");
        return long.Parse(Reports(server)[told].Groups[1].Value, CultureInfo.InvariantCulture);
    }

    private static MatchCollection Reports(ServerProcess server) => Report().Matches(server.Errors);

    [GeneratedRegex("managed allocations while serving: ([0-9]+) bytes")]
    private static partial Regex Report();
}
