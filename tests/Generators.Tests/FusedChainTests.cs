// What fused chains do when requests run through them. Not: how their code looks (SnapshotTests).

using System;
using NbdFast.Chain;

namespace NbdFast.Generators.Tests;

public sealed class FusedChainTests : IDisposable
{
    private readonly Loaded _sample = new(Arms.Counted(Compiled.FromSound(
        Compiled.Sample("OnesPlugin.cs"), Compiled.Sample("BytesPlugin.cs"), Compiled.Sample("ShiftFilter.cs"),
        Compiled.Sample("AgainFilter.cs"), Compiled.Sample("Chains.cs"), Arms.Source).Output));

    private readonly OpenRequest _request = new(new ClientInfo(), "", readOnly: false);
    private readonly LayerInfo _info = new();

    public void Dispose() => _sample.Dispose();

    [Fact]
    public void A_read_takes_the_direct_arm_of_every_layer()
    {
        Link disk = Bytes(out byte[] store);
        store[7] = 42;
        Link lower = Fuse("shift", "4", Over(disk))!;
        Link upper = Fuse("shift", "2", Over(disk).Overlay(lower, Operations.Read | Operations.Write, _info))!;

        Span<byte> buffer = stackalloc byte[1];
        Assert.Equal(Errno.Ok, upper.Read(buffer, 1));
        Assert.Equal(42, buffer[0]);
        Assert.Equal((2, 0), Taken());
    }

    [Fact]
    public void A_write_takes_the_direct_arm_and_lands_in_its_place()
    {
        Link disk = Bytes(out byte[] store);
        Link shift = Fuse("shift", "4", Over(disk))!;
        Assert.Equal(Errno.Ok, shift.Write([9], 3, RequestFlags.None));
        Assert.Equal(9, store[7]);
        Assert.Equal((1, 0), Taken());
    }

    [Fact]
    public void A_link_that_lies_between_writes_is_not_left_out()
    {
        Link disk = Bytes(out _);
        var between = new RefusingLink();
        Link shift = Fuse("shift", "4", Over(disk).Overlay(between, Operations.Write, _info))!;
        Assert.Equal(Errno.EPERM, shift.Write([9], 3, RequestFlags.None));
        Assert.Equal((0, 1), Taken());
        Assert.Equal(Errno.Ok, shift.Read(stackalloc byte[1], 0));
        Assert.Equal((1, 1), Taken());
    }

    [Fact]
    public void Nothing_is_fused_when_reads_do_not_go_straight_to_the_layer()
    {
        Link disk = Bytes(out _);
        var trace = new PassingLink(disk);
        Assert.Null(Fuse("shift", "4", Over(disk).Overlay(trace, Operations.Read, _info)));
        Assert.Equal(0, trace.Reads);
    }

    [Fact]
    public void A_filter_that_was_not_declared_is_not_fused() =>
        Assert.Null(Connect(_sample.CreateFilter("again")!, Over(Bytes(out _))));

    [Fact]
    public void A_plugin_that_is_its_own_connection_is_fused()
    {
        Plugin ones = _sample.CreatePlugin("ones")!;
        Link shift = Fuse("shift", "4", Over(ones.Open(_request)!))!;
        Span<byte> buffer = stackalloc byte[2];
        Assert.Equal(Errno.Ok, shift.Read(buffer, 1));
        Assert.Equal([0xff, 0xff], buffer.ToArray());
        Assert.Equal((1, 0), Taken());
    }

    [Fact]
    public void A_chain_that_the_opener_opens_is_fused_down_to_the_plugin()
    {
        Filter[] filters = [_sample.CreateFilter("shift")!, _sample.CreateFilter("shift")!];
        ChainConfig config = ChainBuilder.Build(filters, _sample.CreatePlugin("bytes")!);
        Assert.All(filters, filter => Assert.True(filter.Bind("shift", "1")));
        config.FusedConnect = _sample.Fused();
        config.Complete();
        Assert.Equal(Errno.Ok, ChainOpener.Open(config, 0, _request, out OpenedLayers? opened));
        using (opened)
        {
            Assert.Equal(Errno.Ok, opened!.Next.Write([5, 6], 3, RequestFlags.None));
            Assert.Equal((1, 1), Taken());   // The emulation of FUA lies between the inner filter and the plugin.
            Span<byte> buffer = stackalloc byte[2];
            Assert.Equal(Errno.Ok, opened.Next.Read(buffer, 3));
            Assert.Equal([5, 6], buffer.ToArray());
            Assert.Equal((3, 1), Taken());
        }
    }

    [Fact]
    public void The_layer_below_describes_itself_to_a_fused_filter()
    {
        _info.Value.Size = 4711;
        Link shift = Fuse("shift", "4", Over(Bytes(out _)))!;
        Assert.Equal("OverBytes", shift.GetType().GenericTypeArguments[0].Name);
        Assert.Equal(4711UL, NextOf(shift).Info.Size);
    }

    private Link Bytes(out byte[] store)
    {
        Plugin plugin = _sample.CreatePlugin("bytes")!;
        store = (byte[])plugin.GetType().GetProperty("Store")!.GetValue(plugin)!;
        return plugin.Open(_request)!;
    }

    private ChainNext Over(Link bottom) => ChainNext.Of(bottom, _info);

    private Link? Fuse(string filter, string shift, in ChainNext next)
    {
        Filter unit = _sample.CreateFilter(filter)!;
        Assert.True(unit.Bind("shift", shift));
        return Connect(unit, next);
    }

    private Link? Connect(Filter filter, in ChainNext next)
    {
        ChainConfig config = ChainBuilder.Build([filter], _sample.CreatePlugin("bytes")!);
        var context = new LayerContext(config, 0, new OpenedLayers(config, 0, ""), _request);
        return _sample.Fused()(filter, next, context);
    }

    private static INext NextOf(Link connection) =>
        (INext)connection.GetType().BaseType!
            .GetField("Next", System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic)!
            .GetValue(connection)!;

    private (int Direct, int Chain) Taken()
    {
        Type arm = _sample.Type("Counted.Arm");
        return ((int)arm.GetField("Direct")!.GetValue(null)!, (int)arm.GetField("Chain")!.GetValue(null)!);
    }
}
