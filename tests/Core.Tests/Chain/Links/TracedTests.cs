// The lines that -v shows of an open chain, as nbdkit writes them. Not: those of the configuration (ChainConfigTests).

using System;
using System.Linq;
using System.Threading.Tasks;
using NbdFast.Chain;
using NbdFast.Testing;

namespace NbdFast.Core.Tests.Chain.Links;

[Collection(LogCollection.Name)]
public sealed class TracedTests
{
    private const RequestFlags All = RequestFlags.MayTrim | RequestFlags.Fua | RequestFlags.FastZero;

    [Fact]
    public void Each_operation_is_shown_at_each_layer()
    {
        using var log = new LogCapture(verbose: true);
        using var chain = ChainHarness.Open(NativePlugin(), [new FakeFilter("f", Operations.None)]);
        log.Debug.Take();
        Operate(chain.Next);
        Assert.Equal(
            [
                "pread count=512 offset=0", "pwrite count=512 offset=1024 fua=1", "flush",
                "trim count=512 offset=0 fua=0", "zero count=512 offset=0 may_trim=1 fua=1 fast=1",
                "extents count=512 offset=0 req_one=1", "cache count=512 offset=0",
            ],
            Lines(log, "f"));
    }

    [Fact]
    public async Task Async_operations_are_shown_alike()
    {
        using var log = new LogCapture(verbose: true);
        using var chain = ChainHarness.Open(NativePlugin());
        log.Debug.Take();
        Operate(chain.Next);
        string[] sync = Lines(log, "plugin");
        log.Debug.Take();
        ChainNext next = chain.Next;
        await next.ReadAsync(new byte[512], 0);
        await next.WriteAsync(new byte[512], 1024, RequestFlags.Fua);
        await next.FlushAsync();
        await next.TrimAsync(512, 0, RequestFlags.None);
        await next.ZeroAsync(512, 0, All);
        await next.ExtentsAsync(512, 0, RequestFlags.ReqOne, new ExtentList(0, 512));
        await next.CacheAsync(512, 0);
        Assert.Equal(7, sync.Length);
        Assert.Equal(sync, Lines(log, "plugin"));
    }

    [Fact]
    public void An_emulated_zero_is_shown_above_the_writes_that_it_becomes()
    {
        using var log = new LogCapture(verbose: true);
        using var chain = ChainHarness.Open(
            new FakePlugin(Operations.Read | Operations.Write), [new FakeFilter("f", Operations.None)]);
        log.Debug.Take();
        Assert.Equal(Errno.Ok, chain.Next.Zero(512, 0, RequestFlags.None));
        Assert.Equal(
            [
                "nbdfast: debug: f: zero count=512 offset=0 may_trim=0 fua=0 fast=0",
                "nbdfast: debug: f: pwrite count=512 offset=0 fua=0",
                "nbdfast: debug: plugin: pwrite count=512 offset=0 fua=0",
            ],
            log.Debug.Lines);
    }

    [Fact]
    public void Emulated_FUA_is_no_flush_to_be_seen()
    {
        using var log = new LogCapture(verbose: true);
        using var chain = ChainHarness.Open(new FakePlugin());
        log.Debug.Take();
        Assert.Equal(Errno.Ok, chain.Next.Write(new byte[512], 0, RequestFlags.Fua));
        Assert.Equal(["nbdfast: debug: plugin: pwrite count=512 offset=0 fua=1"], log.Debug.Lines);
    }

    [Fact]
    public void Opening_and_closing_are_shown_at_each_layer()
    {
        using var log = new LogCapture(verbose: true);
        using var chain = ChainHarness.Start(new FakePlugin(), [new FakeFilter("f")]);
        Assert.Equal(
            ["plugin: get_ready", "f: get_ready thread_model=3", "plugin: after_fork", "f: after_fork"],
            log.Debug.Take().TakeLast(4).Select(WithoutPrefix));
        Assert.Equal(Errno.Ok, chain.Connect(out OpenedLayers? layers));
        string[] opened = [.. log.Debug.Take().Select(WithoutPrefix)];
        Assert.Equal(
            [
                "f: preconnect", "plugin: preconnect",
                "f: open readonly=0 exportname=\"\" tls=0", "f: default_export readonly=0 tls=0",
                "plugin: default_export readonly=0 tls=0", "plugin: open readonly=0 exportname=\"\" tls=0",
            ],
            opened.Take(6));
        Assert.Contains("plugin: prepare readonly=0", opened, StringComparer.Ordinal);
        Assert.Contains("f: get_size", opened, StringComparer.Ordinal);
        Assert.Contains("plugin: can_multi_conn", opened, StringComparer.Ordinal);
        layers!.Dispose();
        Assert.Equal(
            ["f: finalize", "plugin: finalize", "f: close", "plugin: close"], log.Debug.Take().Select(WithoutPrefix));
    }

    [Fact]
    public void Without_v_nothing_lies_between()
    {
        var plugin = new FakePlugin();
        ChainConfig config = ChainBuilder.Build([new FakeFilter("f", Operations.None)], plugin);
        config.Complete();
        var request = new OpenRequest(new ClientInfo(), "", readOnly: false);
        Assert.Equal(Errno.Ok, ChainOpener.Open(config, 0, request, out OpenedLayers? layers));
        using (layers)
            Assert.Same(plugin, layers!.Next.Reader);
    }

    private static FakePlugin NativePlugin() => new()
    {
        Describing = (ref ExportInfo info) => (info.Fua, info.CanFastZero) = (FuaSupport.Native, true),
    };

    private static void Operate(ChainNext next)
    {
        Assert.Equal(Errno.Ok, next.Read(new byte[512], 0));
        Assert.Equal(Errno.Ok, next.Write(new byte[512], 1024, RequestFlags.Fua));
        Assert.Equal(Errno.Ok, next.Flush());
        Assert.Equal(Errno.Ok, next.Trim(512, 0, RequestFlags.None));
        Assert.Equal(Errno.Ok, next.Zero(512, 0, All));
        Assert.Equal(Errno.Ok, next.Extents(512, 0, RequestFlags.ReqOne, new ExtentList(0, 512)));
        Assert.Equal(Errno.Ok, next.Cache(512, 0));
    }

    private static string[] Lines(LogCapture log, string unit)
    {
        string prefix = $"nbdfast: debug: {unit}: ";
        return [.. log.Debug.With(prefix).Select(line => line[prefix.Length..])];
    }

    private static string WithoutPrefix(string line) => line["nbdfast: debug: ".Length..];
}
