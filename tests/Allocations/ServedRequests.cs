// Requests of one client to a server with -D nbdkit.allocations=1, and what the server says that it allocated for them.
// Not: how much it may be (the tests).

using System;
using System.Globalization;
using System.Text.RegularExpressions;
using System.Threading;
using NbdFast.Testing;

namespace NbdFast.Allocations;

/// <summary>What a server allocated while it served.</summary>
/// <param name="Bytes">On the managed heap.</param>
/// <param name="Collections">Runs of the garbage collector.</param>
internal readonly partial record struct ServedRequests(long Bytes, int Collections)
{
    /// <summary>Sends batches, one after the other and again and again, until there were enough requests.</summary>
    public static ServedRequests By(
        ServerProcess server, ReplyMode mode, int requests, RequestBatch[] batches, bool isTls = false)
    {
        int told = Reports(server).Count;
        using (RawClient client = RawClient.Connect(server))
        {
            client.Greet();
            if (isTls)
                client.StartTls(TlsFiles.Of("keys.psk"));
            client.Negotiate(mode);
            client.Go();
            for (int sent = 0, i = 0; sent < requests; sent += batches[i++ % batches.Length].Count)
                batches[i % batches.Length].Run(client);
            client.Disconnect();
            client.ReceiveToEnd();
        }

        Assert.True(
            SpinWait.SpinUntil(() => Reports(server).Count > told, TimeSpan.FromSeconds(30)),
            $"the server does not tell what it allocated: {server.Errors}");
        GroupCollection report = Reports(server)[told].Groups;
        return new ServedRequests(
            long.Parse(report[1].Value, CultureInfo.InvariantCulture),
            int.Parse(report[2].Value, CultureInfo.InvariantCulture));
    }

    private static MatchCollection Reports(ServerProcess server) => Report().Matches(server.Errors);

    [GeneratedRegex("managed allocations while serving: ([0-9]+) bytes, ([0-9]+) collections")]
    private static partial Regex Report();
}
