// Content with different things at different places. Not: how it comes about (LayoutBuilder).

using System;

namespace NbdFast.Plugins.Data.Contents;

/// <summary>Pieces in the order of their places, none over another, none of zeroes; between them are zeroes.</summary>
internal sealed class Layout : Content
{
    private readonly Piece[] _pieces;

    public Layout(Piece[] pieces, ulong length) : base(length, Sum(pieces)) => _pieces = pieces;

    /// <summary>The pieces.</summary>
    public ReadOnlySpan<Piece> Pieces => _pieces;

    /// <inheritdoc/>
    public override void Paint(ICanvas canvas, ulong offset)
    {
        foreach (Piece piece in _pieces)
            piece.Content.Paint(canvas, offset + piece.Start);
    }

    private protected override Content Part(ulong start, ulong length)
    {
        ulong end = start + length;
        LayoutBuilder part = new();
        for (int i = FirstBehind(start); i < _pieces.Length && _pieces[i].Start < end; i++)
        {
            Piece piece = _pieces[i];
            ulong from = Math.Max(piece.Start, start);
            part.Add(from - start, piece.Between(from, Math.Min(piece.End, end)).Content);
        }

        part.Extend(length);
        return part.Build();
    }

    private static ulong Sum(Piece[] pieces)
    {
        ulong sum = 0;
        foreach (Piece piece in pieces)
            sum = piece.Content.MemoryBytes > ulong.MaxValue - sum ? ulong.MaxValue : sum + piece.Content.MemoryBytes;
        return sum;
    }

    // The first piece that ends behind a position.
    private int FirstBehind(ulong position)
    {
        int low = 0;
        int high = _pieces.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_pieces[middle].End > position)
                high = middle;
            else
                low = middle + 1;
        }

        return low;
    }
}
