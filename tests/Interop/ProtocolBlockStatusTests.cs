// Block status byte by byte, in both modes that have it. Not: what extents a unit has (its own tests).

using System.Linq;
using NbdFast.Testing;

namespace NbdFast.Interop;

public sealed class ProtocolBlockStatusTests
{
    private const ulong Hole = NbdWire.StateHole | NbdWire.StateZero;

    public static TheoryData<ReplyMode> Modes => NativeBinary.IsNbdkit
        ? [ReplyMode.Structured]
        : [ReplyMode.Structured, ReplyMode.Extended];

    [Theory]
    [MemberData(nameof(Modes))]
    public void Extents_cover_the_range_in_order(ReplyMode mode)
    {
        using ServerProcess server = ServerProcess.Start("memory 1M");
        using RawClient client = RawClient.Open(server, mode, "", "base:allocation");
        client.Write(131072, [.. Enumerable.Repeat((byte)1, 65536)]);
        Reply reply = client.BlockStatus(0, 1 << 20);
        Assert.Equal(0U, reply.Error);
        uint context = client.Contexts["base:allocation"];
        Assert.All(reply.Extents, extent => Assert.Equal(context, extent.Context));
        Assert.Equal(
            [(131072UL, Hole), (65536UL, 0UL), (851968UL, Hole)],
            reply.Extents.Select(extent => (extent.Length, extent.Flags)));
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void One_extent_is_what_is_asked_for_and_not_more(ReplyMode mode)
    {
        using ServerProcess server = ServerProcess.Start("memory 1M");
        using RawClient client = RawClient.Open(server, mode, "", "base:allocation");
        Reply reply = client.BlockStatus(4096, 512, NbdWire.FlagOne);
        Assert.Equal([512UL], reply.Extents.Select(extent => extent.Length));
    }

    [Fact]
    public void Without_the_context_it_is_refused()
    {
        using ServerProcess server = ServerProcess.Start("memory 1M");
        using RawClient client = RawClient.Open(server, ReplyMode.Structured);
        Assert.Equal(NbdWire.Einval, client.BlockStatus(0, 512).Error);
        Assert.Equal(new byte[512], client.Read(0, 512).Data);
    }

    [Fact]
    public void Setting_no_context_forgets_the_former_ones()
    {
        using ServerProcess server = ServerProcess.Start("memory 1M");
        using RawClient client = RawClient.Connect(server);
        client.Greet();
        client.Negotiate(ReplyMode.Structured);
        client.SetContexts("", "base:allocation");
        client.SetContexts("");
        client.Go();
        Assert.Equal(NbdWire.Einval, client.BlockStatus(0, 512).Error);
    }

    [SkippableFact]
    public void With_extended_headers_one_extent_may_be_larger_than_4_gigabytes()
    {
        Skip.If(NativeBinary.IsNbdkit, "nbdkit does not have extended headers");
        using ServerProcess server = ServerProcess.Start("memory 1T");
        using RawClient client = RawClient.Open(server, ReplyMode.Extended, "", "base:allocation");
        Reply reply = client.BlockStatus(0, 1UL << 40);
        Assert.Equal([new StatusExtent(client.Contexts["base:allocation"], 1UL << 40, Hole)], reply.Extents);
        Assert.Equal(0U, client.Zero(0, 1UL << 40).Error);
        Assert.Equal(0U, client.Trim(0, 1UL << 40).Error);
    }
}
