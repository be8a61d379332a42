// The memory plugin: parameters, what clients are told, requests. Not: how the bytes are kept (Core.Tests/Storage).

using System;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using NbdFast.Chain;
using NbdFast.Plugins.Memory;
using NbdFast.Plugins.Shared.Allocators;
using NbdFast.Testing;

namespace NbdFast.Plugins.Tests;

public sealed class MemoryPluginTests
{
    [Theory]
    [InlineData("sparse")]
    [InlineData("malloc")]
    public void Clients_may_do_everything(string allocator)
    {
        using ChainHarness chain = Open("1M", allocator);
        ExportInfo info = chain.Info;
        Assert.Equal(1UL << 20, info.Size);
        Assert.True(info is
        {
            CanWrite: true, CanFlush: true, CanTrim: true, CanExtents: true, CanFastZero: true, MultiConn: true,
            Rotational: false, Zero: ZeroSupport.Native, Fua: FuaSupport.Native, Cache: CacheSupport.Native,
        });
        Assert.Equal((0u, 0u, 0u), (info.BlockMinimum, info.BlockPreferred, info.BlockMaximum));
        Assert.Equal(ExecutionPlan.Inline, chain.Plan);
    }

    [Theory]
    [InlineData("sparse")]
    [InlineData("malloc")]
    public void What_is_written_is_read_by_every_connection_and_gone_after_zero_and_trim(string allocator)
    {
        using ChainHarness chain = Open("1M", allocator);
        Assert.Equal(Errno.Ok, chain.Connect(out OpenedLayers? other));
        byte[] data = [.. Enumerable.Range(1, 10_000).Select(i => (byte)i)];
        Assert.Equal(Errno.Ok, other!.Next.Write(data, 300_001, RequestFlags.Fua));
        Assert.Equal(data, chain.ReadBytes(300_001, data.Length));
        Assert.Equal(Errno.Ok, chain.Next.Flush());
        Assert.Equal(Errno.Ok, chain.Next.Cache(4096, 0));

        Assert.Equal(Errno.Ok, chain.Next.Trim(1000, 300_000, RequestFlags.Fua));
        Assert.Equal(Errno.Ok, chain.Next.Zero(1000, 302_000, RequestFlags.FastZero | RequestFlags.Fua));
        data.AsSpan(0, 999).Clear();
        data.AsSpan(1999, 1000).Clear();
        Assert.Equal(data, chain.ReadBytes(300_001, data.Length));
        Assert.Equal(Errno.Ok, chain.Next.Trim(1 << 20, 0, RequestFlags.None));
        Assert.False(chain.ReadBytes(0, 1 << 20).AsSpan().ContainsAnyExcept((byte)0));
    }

    [Fact]
    public void A_sparse_disk_is_a_hole_but_for_the_pages_written()
    {
        using ChainHarness chain = Open("1M", "sparse");
        Assert.Equal(Errno.Ok, chain.Next.Write([1, 2, 3], 70_000, RequestFlags.None));
        Assert.Equal(
            [
                new Extent(0, 69_632, ExtentType.HoleZero),
                new Extent(69_632, 4096, ExtentType.Data),
                new Extent(73_728, (1 << 20) - 73_728, ExtentType.HoleZero),
            ],
            chain.Extents(0, 1 << 20));
    }

    [Fact]
    public void A_malloc_disk_counts_as_data_throughout()
    {
        using ChainHarness chain = Open("1M", "malloc");
        Assert.Equal([new Extent(5, 1000, ExtentType.Data)], chain.Extents(5, 1000));
    }

    [Fact]
    public void The_largest_disk_can_be_used_to_its_last_byte()
    {
        const ulong size = long.MaxValue;
        using ChainHarness chain = ChainHarness.Open(new MemoryPlugin(), ("size", "9223372036854775807"));
        Assert.Equal(size, chain.Info.Size);
        Assert.Equal(Errno.Ok, chain.Next.Write([1, 2, 3], size - 3, RequestFlags.None));
        Assert.Equal([0, 1, 2, 3], chain.ReadBytes(size - 4, 4));
        Assert.Equal(
            [new Extent(0, size & ~4095UL, ExtentType.HoleZero), new Extent(size & ~4095UL, 4095, ExtentType.Data)],
            chain.Extents(0, size));
        Assert.Equal(Errno.Ok, chain.Next.Zero(size, 0, RequestFlags.MayTrim | RequestFlags.FastZero));
        Assert.Equal([new Extent(0, size, ExtentType.HoleZero)], chain.Extents(0, size));
    }

    [Fact]
    public void Memory_is_lent_and_holes_as_such()
    {
        using ChainHarness chain = Open("1M", "sparse");
        Assert.Equal(Errno.Ok, chain.Next.Write([7], 8192, RequestFlags.None));
        Assert.Equal(Loan.OfHole(8192), chain.Next.Lend(100_000, 0, wantHoles: true));
        Loan loan = chain.Next.Lend(100_000, 8192, wantHoles: false);
        Assert.Equal((LoanKind.Memory, 4096u), (loan.Kind, loan.Length));
        Assert.Equal(7, Marshal.ReadByte(loan.Address));
    }

    [Theory]
    [InlineData("", AllocatorKind.Sparse, false)]
    [InlineData("sparse", AllocatorKind.Sparse, false)]
    [InlineData("malloc", AllocatorKind.Malloc, false)]
    [InlineData("malloc,mlock=true", AllocatorKind.Malloc, true)]
    [InlineData("malloc,mlock=1", AllocatorKind.Malloc, true)]
    [InlineData("malloc,mlock", AllocatorKind.Malloc, true)]
    [InlineData("malloc,mlock=off", AllocatorKind.Malloc, false)]
    [InlineData("zstd", AllocatorKind.Zstd, false)]
    public void Allocators_are_named_as_in_nbdkit(string value, AllocatorKind kind, bool mlock) =>
        Assert.Equal(new Allocator(kind, mlock), Allocator.Parse(value));

    [Theory]
    [InlineData("zstd,level=3", "allocator=zstd does not take extra parameters")]
    [InlineData("foo", "unknown allocator \"foo\"; available allocators: sparse, malloc, zstd")]
    [InlineData("sparse,mlock=true", "allocator=sparse does not take extra parameters")]
    [InlineData("malloc,foo=true", "allocator=malloc: unknown parameter foo")]
    [InlineData("malloc,mlock=maybe", "could not decipher boolean (maybe)")]
    public void A_wrong_allocator_is_explained(string value, string message)
    {
        ConfigException error = Assert.Throws<ConfigException>(() => Open("1M", value));
        Assert.EndsWith(message, error.Message);
    }

    [Fact]
    public void The_size_is_required_and_checked()
    {
        ConfigException missing = Assert.Throws<ConfigException>(() => ChainHarness.Open(new MemoryPlugin()));
        Assert.Equal("you must specify size=<SIZE> on the command line", missing.Message);
        Assert.EndsWith("overflow computing size (8E)", Assert.Throws<ConfigException>(() => Open("8E", "")).Message);
        Assert.Equal("size", new MemoryPlugin().Table.MagicKey);
    }

    [Fact]
    public void More_memory_than_there_is_cannot_be_allocated()
    {
        ConfigException error = Assert.Throws<ConfigException>(() => Open("4E", "malloc"));
        Assert.Equal("allocator=malloc: 4611686018427387904 bytes: Cannot allocate memory", error.Message);
    }

    [Fact]
    public void Locked_memory_is_served_or_refused_with_a_reason()
    {
        try
        {
            using ChainHarness chain = Open("64K", "malloc,mlock=true");
            Assert.Equal(Errno.Ok, chain.Next.Write([5], 65_535, RequestFlags.None));
            Assert.Equal([5], chain.ReadBytes(65_535, 1));
        }
        catch (ConfigException refused)
        {
            Assert.StartsWith("allocator=malloc: mlock: ", refused.Message);
        }
    }

    [Fact]
    public void Probing_shows_which_allocators_there_are()
    {
        using StringWriter output = new();
        new MemoryPlugin().DumpFields(output);
        Assert.Equal("mlock=yes\nzstd=yes\n", output.ToString());
    }

    private static ChainHarness Open(string size, string allocator) =>
        ChainHarness.Open(new MemoryPlugin(), ("size", size), ("allocator", allocator));
}
