// A request costs no memory that a collector must look after, whatever its form and its kind, on whichever thread. In
// this process, so that every combination can be had. Not: the native binary (NativeServingTests), connections in
// memory (MemoryServingTests).

using System.Collections.Generic;
using NbdFast.Testing;

namespace NbdFast.Allocations;

public sealed class ServingTests
{
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
        BestRound.AssertNothingAllocated(client, batch);
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
        Assert.InRange(BestRound.Bytes(client, batch), BestRound.Requests(batch) * 8, long.MaxValue);
    }

    /// <summary>Every kind of request, in several lengths; whether reads are lent.</summary>
    internal static IEnumerable<(ushort Command, int Length, bool Lends)> Requests(ReplyMode mode)
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
}
