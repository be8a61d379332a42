// Cuts replies into records: as few as possible, and copied only where a record has bytes of several runs. Not: the
// cipher (Native/TlsSession).

using System;
using NbdFast.Native;

namespace NbdFast.Transport;

/// <summary>Goes through a gather list once, a record at a time.</summary>
/// <param name="list">What is to be sent. Nothing may be taken off or added meanwhile.</param>
/// <param name="maximum">The most bytes of a record.</param>
internal ref struct RecordCutter(GatherList list, int maximum)
{
    private int _run;
    private long _offset;

    /// <summary>All of the list has been cut.</summary>
    [HotPath]
    public readonly bool IsDone => _run == list.Count;

    /// <summary>The next record. Small replies share one; a large one is left where it lies.</summary>
    /// <param name="scratch">The address of room for a record, for bytes that lie in several places.</param>
    /// <param name="address">Where the record's bytes are.</param>
    /// <returns>How many there are.</returns>
    [HotPath]
    public int Next(nint scratch, out nint address)
    {
        address = list.RunAt(_run, out long length) + (nint)_offset;
        length -= _offset;
        if (length >= maximum || _run == list.Count - 1)
        {
            int whole = (int)Math.Min(length, maximum);
            Advance(whole, length);
            return whole;
        }

        address = scratch;
        return Collect(NativeBuffer.At(scratch, maximum));
    }

    [HotPath]
    private int Collect(Span<byte> scratch)
    {
        int collected = 0;
        while (_run < list.Count && collected < maximum)
        {
            nint address = list.RunAt(_run, out long length) + (nint)_offset;
            length -= _offset;
            int part = (int)Math.Min(length, maximum - collected);
            NativeBuffer.At(address, part).CopyTo(scratch[collected..]);
            collected += part;
            Advance(part, length);
        }

        return collected;
    }

    [HotPath]
    private void Advance(int count, long left)
    {
        _offset += count;
        if (count < left)
            return;
        _run++;
        _offset = 0;
    }
}
