// The delay filter against its page. Not: how a delay is written (Values/Delay), nor how exactly the system sleeps.

using System;
using System.Diagnostics;
using System.IO;
using NbdFast.Chain;
using NbdFast.Testing;

namespace NbdFast.Filters.Tests;

/// <summary>A delay of a thousand hours that is not to take effect shows by the test ending at all; one that is shows
/// by the time it takes at least, for a sleep never ends early.</summary>
public sealed class DelayFilterTests
{
    private const string Never = "3600000";
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(30);

    private static readonly string[] Operations = ["read", "write", "trim", "zero", "extents", "cache"];

    [Theory]
    [InlineData("delay-read", "read")]
    [InlineData("rdelay", "read")]
    [InlineData("delay-write", "write")]
    [InlineData("delay-zero", "zero")]
    [InlineData("delay-trim", "trim")]
    [InlineData("delay-extents", "extents")]
    [InlineData("delay-cache", "cache")]
    public void Each_parameter_delays_its_operation_and_no_other(string key, string operation)
    {
        using (var chain = ChainHarness.Open(new FakePlugin(), [new DelayFilter()], (key, "30ms")))
            Assert.True(TimeOf(() => Send(chain, operation)) >= Short);

        using var patient = ChainHarness.Open(new FakePlugin(), [new DelayFilter()], (key, Never));
        foreach (string other in Operations)
        {
            if (other != operation)
                Send(patient, other);
        }

        Assert.Equal(Errno.Ok, patient.Next.Flush());
    }

    [Fact]
    public void Wdelay_delays_writes_zeroes_and_trims()
    {
        using var chain = ChainHarness.Open(new FakePlugin(), [new DelayFilter()], ("wdelay", "30ms"));
        Assert.True(TimeOf(() => Send(chain, "write")) >= Short);
        Assert.True(TimeOf(() => Send(chain, "zero")) >= Short);
        Assert.True(TimeOf(() => Send(chain, "trim")) >= Short);
        using var patient = ChainHarness.Open(new FakePlugin(), [new DelayFilter()], ("wdelay", Never));
        Send(patient, "read");
        Send(patient, "extents");
        Send(patient, "cache");
    }

    [Fact]
    public void The_last_parameter_wins()
    {
        using var chain = ChainHarness.Open(
            new FakePlugin(),
            [new DelayFilter()],
            ("wdelay", Never), ("delay-write", "0"), ("rdelay", Never), ("delay-read", "0"));
        Send(chain, "write");
        Send(chain, "read");
    }

    [Fact]
    public void A_client_that_opens_waits()
    {
        using var chain = ChainHarness.Start(new FakePlugin(), [new DelayFilter()], ("delay-open", "30ms"));
        Assert.True(TimeOf(() => Assert.Equal(Errno.Ok, chain.Connect(out _))) >= Short);
    }

    [Fact]
    public void A_client_that_closes_waits()
    {
        using var chain = ChainHarness.Open(new FakePlugin(), [new DelayFilter()], ("delay-close", "30ms"));
        Assert.True(TimeOf(chain.First.Dispose) >= Short);
    }

    [Fact]
    public void A_delay_shorter_than_a_millisecond_still_waits()
    {
        using var chain = ChainHarness.Open(new FakePlugin(), [new DelayFilter()], ("rdelay", "700us"));
        Assert.True(TimeOf(() => Send(chain, "read")) >= TimeSpan.FromMicroseconds(700));
    }

    [Fact]
    public void What_is_asked_reaches_the_plugin_unchanged()
    {
        var journal = new Journal();
        var plugin = new FakePlugin(journal: journal)
        {
            Describing = (ref ExportInfo info) =>
            {
                info.Fua = FuaSupport.Native;
                info.CanFastZero = true;
            },
        };
        using var chain = ChainHarness.Open(plugin, [new DelayFilter()], ("rdelay", "1us"), ("wdelay", "1us"));
        journal.Take();
        chain.ReadBytes(5, 10);
        Assert.Equal(Errno.Ok, chain.Next.Write(new byte[20], 6, RequestFlags.Fua));
        Assert.Equal(Errno.Ok, chain.Next.Trim(30, 7, RequestFlags.Fua));
        Assert.Equal(Errno.Ok, chain.Next.Zero(40, 8, RequestFlags.MayTrim | RequestFlags.FastZero));
        Assert.Equal(
            [
                "plugin: read 10 5", "plugin: write 20 6 Fua", "plugin: trim 30 7 Fua",
                "plugin: zero 40 8 MayTrim, FastZero",
            ],
            journal.Lines);
    }

    [Fact]
    public void Fast_zero_requests_are_delayed_by_default()
    {
        var plugin = new FakePlugin { Describing = (ref ExportInfo info) => info.CanFastZero = true };
        using var chain = ChainHarness.Open(plugin, [new DelayFilter()], ("delay-zero", "30ms"));
        Assert.True(TimeOf(() => Assert.Equal(Errno.Ok, chain.Next.Zero(512, 0, RequestFlags.FastZero))) >= Short);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Fast_zero_requests_fail_at_once_if_they_are_not_to_be_delayed(bool canFastZeroBelow)
    {
        var journal = new Journal();
        var plugin = new FakePlugin(journal: journal)
        {
            Describing = (ref ExportInfo info) => info.CanFastZero = canFastZeroBelow,
        };
        using var chain = ChainHarness.Open(
            plugin, [new DelayFilter()], ("delay-zero", Never), ("delay-fast-zero", "false"));
        Assert.True(chain.Info.CanFastZero);
        Assert.Equal(Errno.ENOTSUP, chain.Next.Zero(512, 0, RequestFlags.FastZero));
        Assert.Empty(journal.With("zero"));
    }

    [Fact]
    public void Nothing_is_delayed_before_the_trigger_exists_and_after_it_is_gone()
    {
        using var folder = new TempFolder();
        string trigger = folder.File("slow");
        var plugin = new FakePlugin { Describing = (ref ExportInfo info) => info.CanFastZero = true };
        using var chain = ChainHarness.Open(
            plugin,
            [new DelayFilter()],
            ("delay-trigger", trigger), ("delay-read", Never), ("delay-write", "30ms"), ("delay-fast-zero", "no"));
        Send(chain, "read");
        Assert.Equal(Errno.Ok, chain.Next.Zero(512, 0, RequestFlags.FastZero));
        File.WriteAllText(trigger, "");
        Assert.True(TimeOf(() => Send(chain, "write")) >= Short);
        Assert.Equal(Errno.ENOTSUP, chain.Next.Zero(512, 0, RequestFlags.FastZero));
        File.Delete(trigger);
        Send(chain, "read");
    }

    [Fact]
    public void Requests_go_to_other_threads_only_if_one_may_have_to_wait()
    {
        Assert.Equal(Latency.Inherited, LatencyWith(("delay-open", "1")));
        Assert.Equal(Latency.Inherited, LatencyWith(("delay-read", "0"), ("delay-close", "1")));
        foreach (string operation in Operations)
            Assert.Equal(Latency.Blocking, LatencyWith(($"delay-{operation}", "1ns")));
    }

    [Fact]
    public void Plugins_lend_unless_reads_are_delayed()
    {
        using var writes = ChainHarness.Open(new LendingPlugin(1 << 20), [new DelayFilter()], ("wdelay", "1"));
        Assert.Equal(Loan.OfHole(512), writes.Next.Lend(512, 0, wantHoles: true));
        using var reads = ChainHarness.Open(new LendingPlugin(1 << 20), [new DelayFilter()], ("rdelay", "1"));
        Assert.Equal(Loan.None, reads.Next.Lend(512, 0, wantHoles: true));
    }

    [Theory]
    [InlineData("rdelay", "soon")]
    [InlineData("delay-write", "-1")]
    [InlineData("delay-zero", "1 hour")]
    [InlineData("delay-fast-zero", "maybe")]
    [InlineData("delay-trigger", "")]
    public void A_value_that_means_nothing_is_refused(string key, string value) => Assert.Throws<ConfigException>(
        () => ChainHarness.Start(new FakePlugin(), [new DelayFilter()], (key, value)));

    [Fact]
    public void Requests_allocate_nothing()
    {
        using ChainHarness chain = SevenRequests.Open(
            new DelayFilter(), ("rdelay", "1ns"), ("delay-trigger", "/nonexistent/slow"));
        Assert.Equal(0, new SevenRequests(chain).Allocate());
    }

    private static Latency LatencyWith(params (string, string)[] parameters)
    {
        var filter = new DelayFilter();
        using var chain = ChainHarness.Start(new FakePlugin(), [filter], parameters);
        return filter.EffectiveLatency;
    }

    private static TimeSpan TimeOf(Action call)
    {
        long start = Stopwatch.GetTimestamp();
        call();
        return Stopwatch.GetElapsedTime(start);
    }

    private static void Send(ChainHarness chain, string operation)
    {
        ChainNext next = chain.Next;
        Errno errno = operation switch
        {
            "read" => next.Read(new byte[512], 0),
            "write" => next.Write(new byte[512], 0, RequestFlags.None),
            "trim" => next.Trim(512, 0, RequestFlags.None),
            "zero" => next.Zero(512, 0, RequestFlags.None),
            "extents" => next.Extents(512, 0, RequestFlags.None, new ExtentList(0, 512)),
            "cache" => next.Cache(512, 0),
            _ => throw new ArgumentOutOfRangeException(nameof(operation)),
        };
        Assert.Equal(Errno.Ok, errno);
    }
}
