// Pieces one over another: what is to be seen of each. Not: collecting them (LayoutBuilder).

using System;
using System.Collections.Generic;

namespace NbdFast.Plugins.Data.Contents;

/// <summary>Sweeps over the pieces from the lowest position to the highest, so that many of them take little longer
/// than few.</summary>
internal sealed class Overlaps
{
    private const int Nothing = -1;

    private readonly List<Piece> _visible = [];
    private readonly IReadOnlyList<Piece> _pieces;
    private int _index = Nothing;   // Which piece is being looked at, and how much of it.
    private ulong _start;
    private ulong _end;

    private Overlaps(IReadOnlyList<Piece> pieces) => _pieces = pieces;

    /// <summary>What can be seen, in the order of places, without zeroes.</summary>
    /// <param name="pieces">In the order in which they were written: the later one wins.</param>
    public static Piece[] Resolve(IReadOnlyList<Piece> pieces)
    {
        var overlaps = new Overlaps(pieces);
        overlaps.Sweep();
        return [.. overlaps._visible];
    }

    private void Sweep()
    {
        int[] byStart = new int[_pieces.Count];
        for (int i = 0; i < byStart.Length; i++)
            byStart[i] = i;
        Array.Sort(byStart, (a, b) => _pieces[a].Start.CompareTo(_pieces[b].Start));

        // The pieces at the current position and some that have ended; the latest of them is on top.
        PriorityQueue<int, int> begun = new();
        ulong position = 0;
        for (int next = 0; next < byStart.Length || begun.Count > 0;)
        {
            if (begun.Count == 0)
                position = Math.Max(position, _pieces[byStart[next]].Start);
            for (; next < byStart.Length && _pieces[byStart[next]].Start <= position; next++)
                begun.Enqueue(byStart[next], -byStart[next]);
            int top = begun.Peek();
            if (_pieces[top].End <= position)
            {
                begun.Dequeue();
                continue;
            }

            ulong end = _pieces[top].End;
            if (next < byStart.Length)
                end = Math.Min(end, _pieces[byStart[next]].Start);
            See(top, position, end);
            position = end;
        }

        Show();
    }

    private void See(int index, ulong start, ulong end)
    {
        if (index != _index || start != _end)
        {
            Show();
            _index = index;
            _start = start;
        }

        _end = end;
    }

    private void Show()
    {
        if (_index == Nothing)
            return;
        Piece piece = _pieces[_index].Between(_start, _end);
        if (!piece.Content.IsZero)
            _visible.Add(piece);
    }
}
