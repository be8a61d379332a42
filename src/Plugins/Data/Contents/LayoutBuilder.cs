// Puts contents at places, in any order, later ones over earlier ones. Not: who wins where they overlap (Overlaps).

using System;
using System.Collections.Generic;

namespace NbdFast.Plugins.Data.Contents;

/// <summary>Collects pieces and makes one content of them. All positions are at most
/// <see cref="Content.MaximumLength"/>.</summary>
internal sealed class LayoutBuilder
{
    // Bytes in a row become one piece, and small layouts part of the one around them: so that neither each byte of a
    // long list costs a piece, nor each pair of parentheses a level. What has become long is not copied again.
    private const int LongestJoined = 256;
    private const int LongestRun = 512;
    private const int LargestSpliced = 1024;

    // So many zeroes between bytes are not worth a piece of their own either.
    private const uint LongestGap = 64;

    private readonly List<Piece> _pieces = [];
    private readonly List<byte> _run = [];
    private ulong _runStart;
    private ulong _reached;   // Where the last of all pieces ends.
    private bool _overlap;

    /// <summary>The length of what is there up to now.</summary>
    public ulong Length { get; private set; }

    /// <summary>Makes the content at least so long.</summary>
    public void Extend(ulong length) => Length = Math.Max(Length, length);

    /// <summary>Puts a content at a place.</summary>
    public void Add(ulong offset, Content content)
    {
        if (content.Length == 0)
            return;
        Extend(offset + content.Length);
        if (content.IsZero && offset >= _reached)
            return;   // Zeroes are there already.
        if (content.Length <= LongestJoined && content is Literal or Zeroes)
            Join(offset, content);
        else if (content is Layout layout && layout.Pieces.Length <= LargestSpliced)
            Splice(offset, layout);
        else
            Put(new Piece(offset, content));
    }

    /// <summary>Makes the content. The builder may be used further.</summary>
    public Content Build()
    {
        EndRun();
        Piece[] pieces = _overlap ? Overlaps.Resolve(_pieces) : [.. _pieces];
        return pieces switch
        {
            [] => new Zeroes(Length),
            [{ Start: 0 } only] when only.Content.Length == Length => only.Content,
            _ => new Layout(pieces, Length),
        };
    }

    private void Join(ulong offset, Content content)
    {
        if (_run.Count == 0 || _run.Count >= LongestRun || !IsNextInRun(offset, out int gap))
        {
            EndRun();
            _runStart = offset;
            gap = 0;
        }

        _run.AddRange(new byte[gap]);
        if (content is Literal literal)
            _run.AddRange(literal.Bytes);
        else
            _run.AddRange(new byte[content.Length]);
        _overlap |= offset < _reached;
        _reached = Math.Max(_reached, offset + content.Length);
    }

    private bool IsNextInRun(ulong offset, out int gap)
    {
        ulong end = _runStart + (ulong)_run.Count;
        gap = 0;
        if (offset == end)
            return true;
        if (offset < end || end < _reached || offset - end > LongestGap)
            return false;
        gap = (int)(offset - end);
        return true;
    }

    private void EndRun()
    {
        if (_run.Count > 0)
            _pieces.Add(new Piece(_runStart, Literal.Of(_run.ToArray())));
        _run.Clear();
    }

    // The zeroes between its pieces count as much as these.
    private void Splice(ulong offset, Layout layout)
    {
        if (offset < _reached)
            Put(new Piece(offset, new Zeroes(layout.Length)));
        foreach (Piece piece in layout.Pieces)
        {
            if (piece.Content is Literal && piece.Content.Length <= LongestJoined)
                Join(offset + piece.Start, piece.Content);
            else
                Put(piece.Moved(offset));
        }
    }

    private void Put(Piece piece)
    {
        EndRun();
        _overlap |= piece.Start < _reached;
        _reached = Math.Max(_reached, piece.End);
        _pieces.Add(piece);
    }
}
