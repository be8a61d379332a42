// A very long, mostly empty row of bits that many threads set, clear and search at once. Not: what a bit means.

using System;
using System.Diagnostics;
using System.Numerics;
using System.Threading;
using NbdFast.Native;

namespace NbdFast.Storage;

/// <summary>
/// Bits in native memory, all clear at first; memory is used only around set bits. A summary with one bit per
/// <see cref="GroupBits"/> lets a search pass over what was never set. No call allocates.
/// </summary>
public sealed class Bitmap : IDisposable
{
    /// <summary>The bits that share a bit of the summary: one 4 KiB page of them.</summary>
    public const int GroupBits = 1 << 15;

    /// <summary>The 64-bit words of a group.</summary>
    public const int GroupWords = GroupBits / 64;

    // Bounds the spans of a search; any large number would do.
    private const ulong SearchWords = 1UL << 20;

    // The summary lies in front of the bits, so that both grow as one mapping.
    private readonly Mapping _memory;
    private readonly ulong _summaryWords;

    private Bitmap(Mapping memory, ulong length, ulong summaryWords)
    {
        _memory = memory;
        _summaryWords = summaryWords;
        Length = length;
    }

    /// <summary>How many bits there are.</summary>
    public ulong Length { get; }

    /// <summary>Makes a bitmap.</summary>
    /// <param name="length">Bits.</param>
    /// <param name="bitmap">The bitmap, or null.</param>
    /// <returns><see cref="Errno.ENOMEM"/> if there is no room for it.</returns>
    public static Errno TryCreate(ulong length, out Bitmap? bitmap)
    {
        Errno error = TryCreateGrowing(length, out bitmap);
        if (error == Errno.Ok)
            error = bitmap!.Commit(length);
        return error;
    }

    /// <summary>As <see cref="TryCreate"/>, but bits may be used only after <see cref="Commit"/>.</summary>
    internal static Errno TryCreateGrowing(ulong length, out Bitmap? bitmap)
    {
        ulong groups = (length + GroupBits - 1) / GroupBits;
        ulong summaryWords = ((groups / 64) + GroupWords) & ~(ulong)(GroupWords - 1);
        Errno error = Mapping.TryGrowing((summaryWords + (groups * GroupWords)) * sizeof(ulong), out Mapping? memory);
        bitmap = error == Errno.Ok ? new Bitmap(memory!, length, summaryWords) : null;
        return error;
    }

    /// <summary>Makes the first <paramref name="length"/> bits usable.</summary>
    internal Errno Commit(ulong length) => _memory.Commit((_summaryWords + ((length + 63) / 64)) * sizeof(ulong));

    /// <summary>Takes all memory that the bits can ever need.</summary>
    public Errno Populate() => _memory.Populate(0, (_summaryWords + ((Length + 63) / 64)) * sizeof(ulong));

    /// <summary>The bit is set.</summary>
    [HotPath]
    public bool Get(ulong index) => (Volatile.Read(ref Word(index / 64)) >> (int)(index % 64) & 1) != 0;

    /// <summary>Sets bits. Whatever the calling thread wrote to memory before is seen by whoever clears them
    /// later.</summary>
    [HotPath]
    public void Set(ulong first, ulong count)
    {
        // A bit that is set already is left alone, for the sake of other cores' caches. But the look at it must not
        // overtake the caller's stores: else someone could clear the bit, and then the data, before these arrive.
        Interlocked.MemoryBarrier();
        for (ulong end = first + count; first < end; first = (first | 63) + 1)
        {
            ulong mask = Mask(first, end);
            ref ulong word = ref Word(first / 64);
            if ((Volatile.Read(ref word) & mask) != mask)
                Interlocked.Or(ref word, mask);

            // In any case: whoever set these bits may not have come to the summary yet.
            SetSummary(first / GroupBits);
        }
    }

    /// <summary>Clears bits.</summary>
    public void Clear(ulong first, ulong count)
    {
        ulong end = first + count;
        for (ulong bit = first; (bit = NextSet(bit, end)) < end;)
        {
            ulong group = bit & ~(ulong)(GroupBits - 1);
            ulong stop = Math.Min(end, group + GroupBits);
            ulong start = Math.Max(first, group);
            Take(start, stop - start, []);
            bit = stop;
        }
    }

    /// <summary>Clears bits and tells which of them were set.</summary>
    /// <param name="first">The first bit.</param>
    /// <param name="count">How many; they lie in one group.</param>
    /// <param name="taken">Filled with a word per word of bits, from the one that holds <paramref name="first"/> on; or
    /// empty.</param>
    [HotPath]
    public void Take(ulong first, ulong count, Span<ulong> taken)
    {
        Debug.Assert(count > 0 && first / GroupBits == (first + count - 1) / GroupBits);
        int at = 0;
        ulong end = first + count;
        for (ulong bit = first; bit < end; bit = (bit | 63) + 1, at++)
        {
            ulong mask = Mask(bit, end);
            ref ulong word = ref Word(bit / 64);
            ulong old = Volatile.Read(ref word) & mask;
            if (old != 0)
                old = Interlocked.And(ref word, ~mask) & mask;
            if (!taken.IsEmpty)
                taken[at] = old;
        }

        if (first % GroupBits == 0 && (count == GroupBits || end == Length))
            ClearSummary(first / GroupBits);
    }

    /// <summary>The first set bit from <paramref name="from"/> on, or <paramref name="end"/>.</summary>
    [HotPath]
    public ulong NextSet(ulong from, ulong end)
    {
        while (from < end)
        {
            ulong group = from / GroupBits;
            if (!HasSummary(group))
            {
                from = NextGroup(group + 1, (end + GroupBits - 1) / GroupBits) * GroupBits;
                continue;
            }

            ulong stop = Math.Min(end, (group + 1) * GroupBits);
            ulong found = Search(from, stop, 0);
            if (found < stop)
                return found;
            from = stop;
        }

        return end;
    }

    /// <summary>The first clear bit from <paramref name="from"/> on, or <paramref name="end"/>.</summary>
    [HotPath]
    public ulong NextClear(ulong from, ulong end) => from < end ? Search(from, end, ulong.MaxValue) : end;

    /// <summary>Gives the memory back.</summary>
    public void Dispose() => _memory.Dispose();

    // The first bit that differs from those of `same`, which is all zeroes or all ones.
    private ulong Search(ulong from, ulong end, ulong same)
    {
        ulong word = from / 64;
        ulong different = (Volatile.Read(ref Word(word)) ^ same) & (ulong.MaxValue << (int)(from % 64));
        ulong endWord = (end + 63) / 64;
        while (different == 0)
        {
            if (++word >= endWord)
                return end;
            Span<ulong> rest = _memory.Words(_summaryWords + word, (int)Math.Min(SearchWords, endWord - word));
            int skip = rest.IndexOfAnyExcept(same);
            word += (ulong)(skip < 0 ? rest.Length - 1 : skip);

            // Read once more, for it may have changed since.
            different = Volatile.Read(ref Word(word)) ^ same;
        }

        return Math.Min(end, (word * 64) + (ulong)BitOperations.TrailingZeroCount(different));
    }

    private bool HasSummary(ulong group) =>
        (Volatile.Read(ref _memory.Word(group / 64)) >> (int)(group % 64) & 1) != 0;

    // The first group from `group` on whose summary bit is set, or `end`.
    private ulong NextGroup(ulong group, ulong end)
    {
        while (group < end)
        {
            ulong bits = Volatile.Read(ref _memory.Word(group / 64)) >> (int)(group % 64);
            if (bits != 0)
                return Math.Min(end, group + (ulong)BitOperations.TrailingZeroCount(bits));
            group = (group | 63) + 1;
            ulong words = group < end ? (end - group + 63) / 64 : 0;
            int skip = _memory.Words(group / 64, (int)words).IndexOfAnyExcept(0UL);
            group = skip < 0 ? end : group + ((ulong)skip * 64);
        }

        return end;
    }

    private void SetSummary(ulong group)
    {
        ulong mask = 1UL << (int)(group % 64);
        ref ulong word = ref _memory.Word(group / 64);
        if ((Volatile.Read(ref word) & mask) == 0)
            Interlocked.Or(ref word, mask);
    }

    // A bit set meanwhile may have found its summary bit still there: so clear first, then look again.
    private void ClearSummary(ulong group)
    {
        Interlocked.And(ref _memory.Word(group / 64), ~(1UL << (int)(group % 64)));
        if (_memory.Words(_summaryWords + (group * GroupWords), GroupWords).ContainsAnyExcept(0UL))
            SetSummary(group);
    }

    private ref ulong Word(ulong word) => ref _memory.Word(_summaryWords + word);

    // The bits from `first` to the end of its word, or to `end`.
    private static ulong Mask(ulong first, ulong end)
    {
        ulong count = Math.Min(end - first, 64 - (first % 64));
        return ulong.MaxValue >> (int)(64 - count) << (int)(first % 64);
    }
}
