// Memory that notes can be made on, found from a Memory<byte> that lies in it. Not: who owns it (Buffers).

using System;
using System.Buffers;

namespace NbdFast;

/// <summary>The memory of a reply, with what a read says of its holes.</summary>
internal abstract class MarkedMemory : MemoryManager<byte>
{
    private HoleMarks? _holes;

    /// <summary>Which parts are holes.</summary>
    [HotPath]
    public ReadOnlySpan<HoleMarks.Hole> Holes => _holes == null ? default : _holes.All;

    /// <summary>Nothing is known of holes.</summary>
    [HotPath]
    public void ForgetHoles() => _holes?.Clear();

    /// <summary>Notes a hole. The place for that is made once.</summary>
    public void MarkHole(int start, int length) => (_holes ??= new HoleMarks()).Add(start, length);
}
