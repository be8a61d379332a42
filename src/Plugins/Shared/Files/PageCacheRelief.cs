// reduce-memory-pressure: takes what was read or written out of the page cache. Not: durability (Flush).

using System.Threading;
using NbdFast.Native;

namespace NbdFast.Plugins.Shared.Files;

/// <summary>
/// Pages that were read are dropped at once. Pages that were written must reach the disk before they can be dropped:
/// that is started at once and waited for only when a few more writes have come, so that the disk is kept busy and a
/// writer faster than it is slowed down rather than allowed to fill the memory.
/// </summary>
/// <param name="descriptor">The open file.</param>
internal sealed class PageCacheRelief(int descriptor)
{
    // Writes whose pages are on their way to the disk.
    private const int Depth = 8;

    private const ulong PageBytes = 4096;

    // The kernel keeps runs of pages together and drops such a run whole or not at all; and half a page that was read
    // in order is about to be read on. So whole windows are dropped once more when their last byte has been passed.
    private const ulong WindowBytes = 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly Range[] _pending = new Range[Depth];
    private int _oldest;
    private int _lostWrites;

    /// <summary>A range was read.</summary>
    [HotPath]
    public void AfterRead(ulong offset, ulong count) => Drop(Passed(offset, count));

    /// <summary>A range was written.</summary>
    [HotPath]
    public void AfterWrite(ulong offset, ulong count)
    {
        Keep(Libc.StartWriteBack(descriptor, offset, count));
        Range oldest;
        lock (_lock)
        {
            oldest = _pending[_oldest];
            _pending[_oldest] = Passed(offset, count);
            _oldest = (_oldest + 1) % Depth;
        }

        FinishAndDrop(oldest);
    }

    /// <summary>What is still on its way is waited for, and nothing of the file stays.</summary>
    public void DropAll()
    {
        Keep(Libc.FinishWriteBack(descriptor, 0, 0));   // Up to the end, whatever that is now.
        Libc.Advise(descriptor, 0, 0, FileAdvice.DontNeed);
    }

    /// <summary>An error of writing back that only this class was told: the kernel tells each once, and the flush
    /// must not answer that all is well. It is told once here as well.</summary>
    [HotPath]
    public Errno TakeError() => (Errno)Interlocked.Exchange(ref _lostWrites, 0);

    [HotPath]
    private void FinishAndDrop(Range range)
    {
        if (range.Count == 0)
            return;
        Keep(Libc.FinishWriteBack(descriptor, range.Offset, range.Count));
        Drop(range);
    }

    // That a hint is refused harms nothing: the pages stay where they are.
    [HotPath]
    private void Drop(Range range)
    {
        if (range.Count > 0)
            Libc.Advise(descriptor, range.Offset, range.Count, FileAdvice.DontNeed);
    }

    // The whole pages of a range; the whole windows instead, if it goes to the end of one or over it.
    [HotPath]
    private static Range Passed(ulong offset, ulong count)
    {
        ulong end = offset + count;
        ulong unit = offset / WindowBytes < end / WindowBytes ? WindowBytes : PageBytes;
        ulong start = offset - (offset % unit);
        return new Range(start, end - (end % PageBytes) - start);
    }

    [HotPath]
    private void Keep(Errno error)
    {
        if (error != Errno.Ok)
            Interlocked.CompareExchange(ref _lostWrites, (int)error, 0);
    }

    private readonly record struct Range(ulong Offset, ulong Count);
}
