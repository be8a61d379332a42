// Native memory: made usable bit by bit, given back, locked. Not: what is kept in it (Storage).

using System;
using System.IO;
using NbdFast.Native;

namespace NbdFast.Core.Tests.Native;

public sealed class MappingTests
{
    private const ulong MiB = 1 << 20;

    [Fact]
    public void Address_space_becomes_usable_as_far_as_it_is_committed()
    {
        Assert.Equal(Errno.Ok, Mapping.TryAddressSpace(1UL << 40, out Mapping? mapping));
        using (mapping)
        {
            ulong end = 0;
            foreach (ulong length in (ulong[])[1, 4096, 3 * MiB, (3 * MiB) + 1, 2 * MiB, 100 * MiB])
            {
                Assert.Equal(Errno.Ok, mapping!.Commit(length));
                end = Math.Max(end, length);
                mapping.Slice(end - 1, 1)[0] = 7;
            }

            Assert.Equal(7, mapping!.Slice((3 * MiB) - 1, 1)[0]);
            Assert.Equal(0, mapping.Slice(50 * MiB, 1)[0]);
        }
    }

    [Fact]
    public void What_is_not_committed_costs_and_permits_nothing()
    {
        Assert.Equal(Errno.Ok, Mapping.TryAddressSpace(1UL << 40, out Mapping? mapping));
        using (mapping)
        {
            Assert.Equal(Errno.Ok, mapping!.Commit(MiB));
            string line = Array.Find(
                File.ReadAllLines("/proc/self/maps"),
                line => line.StartsWith($"{mapping.Address + (nint)MiB:x}-", StringComparison.Ordinal))!;
            Assert.Contains(" ---p ", line);
        }
    }

    [Fact]
    public void Discarded_memory_reads_as_zeroes_and_its_neighbours_stay()
    {
        Assert.Equal(Errno.Ok, Mapping.TrySparse(MiB, out Mapping? mapping));
        using (mapping)
        {
            mapping!.Slice(0, (int)MiB).Fill(9);
            ulong page = (ulong)Environment.SystemPageSize;
            Assert.Equal(Errno.Ok, mapping.Discard(page, 2 * page));
            Assert.False(mapping.Slice(page, (int)(2 * page)).ContainsAnyExcept((byte)0));
            Assert.False(mapping.Slice(0, (int)page).ContainsAnyExcept((byte)9));
            Assert.False(mapping.Slice(3 * page, (int)(MiB - (3 * page))).ContainsAnyExcept((byte)9));
            Assert.Equal(Errno.EINVAL, mapping.Discard(page / 2, page));
        }
    }

    [SkippableFact]
    public void Locked_memory_can_be_discarded_as_well()
    {
        Assert.Equal(Errno.Ok, Mapping.TrySparse(64 << 10, out Mapping? mapping));
        using (mapping)
        {
            Errno error = mapping!.LockAll();
            Skip.If(error != Errno.Ok, $"memory may not be locked here: {error}");
            mapping.Slice(0, 64 << 10).Fill(9);
            error = mapping.Discard(0, 64 << 10);
            Skip.If(error == Errno.EINVAL, "before Linux 5.18 locked memory cannot be discarded");
            Assert.Equal(Errno.Ok, error);
            Assert.False(mapping.Slice(0, 64 << 10).ContainsAnyExcept((byte)0));
        }
    }

    [Fact]
    public void Populated_memory_keeps_its_bytes()
    {
        Assert.Equal(Errno.Ok, Mapping.TrySparse(MiB, out Mapping? mapping));
        using (mapping)
        {
            mapping!.Slice(5000, 10).Fill(9);
            Assert.Equal(Errno.Ok, mapping.Populate(4999, MiB - 4999));
            Assert.False(mapping.Slice(5000, 10).ContainsAnyExcept((byte)9));
            Assert.Equal(0, mapping.Slice(MiB - 1, 1)[0]);
        }
    }

    [Fact]
    public void More_memory_than_there_is_cannot_be_reserved()
    {
        Assert.Equal(Errno.ENOMEM, Mapping.TryReserved(1UL << 62, out Mapping? mapping));
        Assert.Null(mapping);
        Assert.Equal(Errno.ENOMEM, Mapping.TrySparse(ulong.MaxValue, out mapping));
        Assert.Null(mapping);
    }
}
