// Which parts of a buffer that a read filled are holes. Not: who finds them (ReadHoles), how they are sent (Server).

using System;

namespace NbdFast;

/// <summary>
/// Notes of holes, in ascending order. Those that come out of order, or are too many, are not taken down: the buffer is
/// filled with zeroes there, so nothing but their sparseness is lost.
/// </summary>
internal sealed class HoleMarks
{
    /// <summary>The most that are noted. With the data around them they are one part less than a reply may
    /// have.</summary>
    public const int Maximum = 31;

    private readonly Hole[] _holes = new Hole[Maximum];
    private int _count;

    /// <summary>A hole.</summary>
    /// <param name="Start">Its first byte in the buffer.</param>
    /// <param name="End">The byte behind its last one.</param>
    public readonly record struct Hole(int Start, int End);

    /// <summary>All of them: neither empty, nor touching each other.</summary>
    [HotPath]
    public ReadOnlySpan<Hole> All => _holes.AsSpan(0, _count);

    /// <summary>Forgets them.</summary>
    [HotPath]
    public void Clear() => _count = 0;

    /// <summary>Takes a hole down.</summary>
    [HotPath]
    public void Add(int start, int length)
    {
        int last = _count - 1;
        if (length <= 0 || (last >= 0 && start < _holes[last].End))
            return;
        if (last >= 0 && start == _holes[last].End)
            _holes[last] = new Hole(_holes[last].Start, start + length);
        else if (_count < Maximum)
            _holes[_count++] = new Hole(start, start + length);
    }
}
