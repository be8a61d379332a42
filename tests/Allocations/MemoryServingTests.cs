// As ServingTests, over a connection in memory, where nothing but the server's own code runs: in seconds, with the
// filters in between and with the errors of a plugin. Not: requests that are refused, whose messages allocate.

using System;
using System.Linq;
using NbdFast.Filters;
using NbdFast.Plugins.Memory;
using NbdFast.Testing;

namespace NbdFast.Allocations;

public sealed class MemoryServingTests
{
    private static readonly ReplyMode[] Modes = [ReplyMode.Simple, ReplyMode.Structured, ReplyMode.Extended];

    public static TheoryData<ReplyMode, ushort, int, bool> Cases
    {
        get
        {
            TheoryData<ReplyMode, ushort, int, bool> cases = [];
            foreach (ReplyMode mode in Modes)
                foreach ((ushort command, int length, bool lends) in ServingTests.Requests(mode))
                    cases.Add(mode, command, length, lends);
            return cases;
        }
    }

    public static TheoryData<ReplyMode, ushort, int> Errors
    {
        get
        {
            TheoryData<ReplyMode, ushort, int> cases = [];
            foreach (ReplyMode mode in Modes)
                foreach ((ushort command, int length, bool _) in ServingTests.Requests(mode).Where(one => !one.Lends))
                    cases.Add(mode, command, length);
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Serving_a_plugin_allocates_nothing(ReplyMode mode, ushort command, int length, bool lends)
    {
        using MemoryServer server = MemoryServer.Start(new SteadyPlugin(Latency.Memory, lends));
        Check(server, mode, command, length);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Serving_through_filters_allocates_nothing(ReplyMode mode, ushort command, int length, bool lends)
    {
        using MemoryServer server = MemoryServer.Start(
            new SteadyPlugin(Latency.Memory, lends),
            [new OffsetFilter(), new FuaFilter(), new OffsetFilter(), new OffsetFilter()]);
        Check(server, mode, command, length);
    }

    [Theory]
    [MemberData(nameof(Errors))]
    public void An_error_of_the_plugin_allocates_nothing(ReplyMode mode, ushort command, int length)
    {
        using MemoryServer server = MemoryServer.Start(
            new SteadyPlugin(Latency.Memory, lends: false) { Answer = Errno.EIO });
        Check(server, mode, command, length, fails: true);
    }

    [Theory]
    [InlineData(ReplyMode.Simple)]
    [InlineData(ReplyMode.Structured)]
    [InlineData(ReplyMode.Extended)]
    public void The_memory_plugin_allocates_nothing(ReplyMode mode)
    {
        using MemoryServer server = MemoryServer.Start(new MemoryPlugin(), parameters: ("size", "4M"));
        foreach (ushort command in new[] { NbdWire.CmdWrite, NbdWire.CmdRead })
            Check(server, mode, command, 4096);
    }

    [Fact]
    public void A_request_that_allocates_is_noticed()
    {
        using MemoryServer server = MemoryServer.Start(
            new SteadyPlugin(Latency.Memory, lends: false) { MakesGarbage = true });
        using RawClient client = server.Open();
        RequestBatch batch = new(ReplyMode.Simple, NbdWire.CmdFlush, 0, 64);
        Assert.InRange(BestRound.Bytes(client, batch), BestRound.Requests(batch) * 8, long.MaxValue);
    }

    private static void Check(MemoryServer server, ReplyMode mode, ushort command, int length, bool fails = false)
    {
        using RawClient client = command == NbdWire.CmdBlockStatus
            ? server.Open(mode, "", "base:allocation")
            : server.Open(mode);
        RequestBatch batch = new(mode, command, length, length > 65_536 ? 8 : 64, fails);
        BestRound.AssertNothingAllocated(client, batch);
    }
}
