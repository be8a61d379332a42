// Cache requests in their three forms. Not: other absent operations (AbsentOperationTests).

using System.Threading.Tasks;
using NbdFast.Testing;

namespace NbdFast.Core.Tests.Chain.Links;

public sealed class CacheEmulationTests
{
    private readonly Journal _journal = new();

    [Fact]
    public void An_emulated_cache_request_reads_in_aligned_pieces()
    {
        using var chain = Open(Operations.Read, CacheSupport.Emulate);
        Assert.Equal(Errno.Ok, chain.Next.Cache(300_000, 512));
        Assert.Equal(["plugin: read 261632 512", "plugin: read 38368 262144"], _journal.With(": read "));
    }

    [Fact]
    public void An_error_of_a_read_ends_it()
    {
        using var chain = Open(Operations.Read, CacheSupport.Emulate, failing: "read");
        Assert.Equal(Errno.EIO, chain.Next.Cache(1 << 20, 0));
        Assert.Single(_journal.With(": read "));
    }

    [Fact]
    public void Emulation_goes_before_the_plugins_own_cache()
    {
        using var chain = Open(Operations.Read | Operations.Cache, CacheSupport.Emulate);
        Assert.Equal(Errno.Ok, chain.Next.Cache(512, 0));
        Assert.Empty(_journal.With("cache"));
    }

    [Fact]
    public void A_native_cache_request_goes_to_the_plugin()
    {
        using var chain = Open(Operations.Read | Operations.Cache, CacheSupport.Native);
        Assert.Equal(Errno.Ok, chain.Next.Cache(512, 0));
        Assert.Equal(["plugin: cache 512 0"], _journal.With("cache"));
    }

    [Fact]
    public void A_native_cache_request_without_a_cache_succeeds_and_does_nothing()
    {
        using var chain = Open(Operations.Read, CacheSupport.Native);
        Assert.Equal(Errno.Ok, chain.Next.Cache(512, 0));
        Assert.Empty(_journal.With("cache"));
        Assert.Empty(_journal.With(": read "));
    }

    [Fact]
    public async Task The_async_twin_reads_alike()
    {
        using var chain = Open(Operations.Read, CacheSupport.Emulate);
        Assert.Equal(Errno.Ok, await chain.Next.CacheAsync(1 << 20, 0));
        Assert.Equal(4, _journal.With(": read ").Count);
    }

    private ChainHarness Open(Operations operations, CacheSupport cache, string? failing = null) =>
        ChainHarness.Open(new FakePlugin(operations, _journal)
        {
            Calling = name => name == failing ? Errno.EIO : Errno.Ok,
            Describing = (ref ExportInfo info) => info.Cache = cache,
        });
}
