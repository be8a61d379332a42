// Content with different things at different places. Not: how it comes about (LayoutBuilder).

using System;

namespace NbdFast.Plugins.Data.Contents;

/// <summary>Pieces in the order of their places, none over another, none of zeroes; between them are zeroes.</summary>
internal sealed class Layout : Content
{
    private readonly Piece[] _pieces;

    public Layout(Piece[] pieces, ulong length)
        : base(
            length, Sum(pieces, static content => content.MemoryBytes),
            Sum(pieces, static content => content.PaintedBytes)) => _pieces = pieces;

    /// <summary>The pieces.</summary>
    public ReadOnlySpan<Piece> Pieces => _pieces;

    /// <inheritdoc/>
    public override void Paint(ICanvas canvas, ulong offset)
    {
        foreach (Piece piece in _pieces)
            piece.Content.Paint(canvas, offset + piece.Start);
    }

    /// <inheritdoc/>
    [HotPath]
    public override void Read(Span<byte> buffer, ulong start)
    {
        ulong end = start + (ulong)buffer.Length;
        buffer.Clear();
        for (int i = FirstBehind(start); i < _pieces.Length && _pieces[i].Start < end; i++)
        {
            Piece piece = _pieces[i];
            ulong from = Math.Max(piece.Start, start);
            int length = (int)(Math.Min(piece.End, end) - from);
            piece.Content.Read(buffer.Slice((int)(from - start), length), from - piece.Start);
        }
    }

    /// <inheritdoc/>
    [HotPath]
    public override ulong Run(ulong start, out bool isZero)
    {
        int next = FirstBehind(start);
        isZero = next == _pieces.Length || _pieces[next].Start > start;
        return !isZero ? _pieces[next].Content.Run(start - _pieces[next].Start, out isZero)
            : next == _pieces.Length ? Length - start
            : _pieces[next].Start - start;
    }

    internal override Content KeptOn(Shelf shelf) => new Layout(
        Array.ConvertAll(_pieces, piece => piece with { Content = shelf.Keep(piece.Content) }), Length);

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

    private static ulong Sum(Piece[] pieces, Func<Content, ulong> bytesOf)
    {
        ulong sum = 0;
        foreach (Piece piece in pieces)
        {
            ulong bytes = bytesOf(piece.Content);
            sum = bytes > ulong.MaxValue - sum ? ulong.MaxValue : sum + bytes;
        }

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
