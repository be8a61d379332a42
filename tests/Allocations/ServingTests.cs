// A request costs no memory that a collector must look after, whatever its form and its kind, on whichever thread. In
// this process, so that every combination can be had. Not: the native binary (NativeServingTests).

using System;
using System.Collections.Generic;
using NbdFast.Testing;

namespace NbdFast.Allocations;

public sealed class ServingTests
{
    private const int BatchesPerRound = 32;

    // What connections and threads need once is made in the first rounds; which round is the first without anything of
    // the kind depends on the machine. A request that allocates spoils every one of them.
    private const int MostRounds = 25;

    public static TheoryData<ReplyMode, Latency, ushort, int, bool> Cases
    {
        get
        {
            TheoryData<ReplyMode, Latency, ushort, int, bool> cases = [];
            foreach (ReplyMode mode in new[] { ReplyMode.Simple, ReplyMode.Structured, ReplyMode.Extended })
                foreach (Latency latency in new[] { Latency.Memory, Latency.Blocking })
                    foreach ((ushort command, int length, bool lends) in Requests(mode))
                        cases.Add(mode, latency, command, length, lends);
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Serving_allocates_nothing(ReplyMode mode, Latency latency, ushort command, int length, bool lends)
    {
        using LocalServer server = LocalServer.Start(new SteadyPlugin(latency, lends), checksContract: false);
        using RawClient client = command == NbdWire.CmdBlockStatus
            ? server.Open(mode, "", "base:allocation")
            : server.Open(mode);
        RequestBatch batch = new(mode, command, length, length > 65_536 ? 8 : 64);
        long bytes = BytesOfBestRound(client, batch);
        Assert.True(bytes == 0, $"{(double)bytes / (BatchesPerRound * batch.Count):f2} bytes for each request");
    }

    [Theory]
    [InlineData(Latency.Memory)]
    [InlineData(Latency.Blocking)]
    public void A_request_that_allocates_is_noticed(Latency latency)
    {
        using LocalServer server = LocalServer.Start(
            new SteadyPlugin(latency, lends: false) { MakesGarbage = true }, checksContract: false);
        using RawClient client = server.Open();
        RequestBatch batch = new(ReplyMode.Simple, NbdWire.CmdFlush, 0, 64);
        Assert.InRange(BytesOfBestRound(client, batch), BatchesPerRound * batch.Count * 8, long.MaxValue);
    }

    private static IEnumerable<(ushort Command, int Length, bool Lends)> Requests(ReplyMode mode)
    {
        yield return (NbdWire.CmdRead, 512, true);
        yield return (NbdWire.CmdRead, 262_144, true);
        yield return (NbdWire.CmdRead, 512, false);
        yield return (NbdWire.CmdRead, 262_144, false);
        yield return (NbdWire.CmdWrite, 512, false);
        yield return (NbdWire.CmdWrite, 262_144, false);
        yield return (NbdWire.CmdWriteZeroes, 4096, false);
        yield return (NbdWire.CmdTrim, 4096, false);
        yield return (NbdWire.CmdCache, 4096, false);
        yield return (NbdWire.CmdFlush, 0, false);
        if (mode != ReplyMode.Simple)
            yield return (NbdWire.CmdBlockStatus, 65_536, false);
    }

    private static long BytesOfBestRound(RawClient client, RequestBatch batch)
    {
        long least = long.MaxValue;
        for (int round = 0; round < MostRounds && least > 0; round++)
            least = Math.Min(least, BytesOfRound(client, batch));
        return least;
    }

    private static long BytesOfRound(RawClient client, RequestBatch batch)
    {
        int collections = GC.CollectionCount(0);
        long before = GC.GetTotalAllocatedBytes(precise: true);
        for (int i = 0; i < BatchesPerRound; i++)
            batch.Run(client);
        long bytes = GC.GetTotalAllocatedBytes(precise: true) - before;
        return bytes == 0 ? GC.CollectionCount(0) - collections : bytes;
    }
}
