// Content that is another one, over and over. Not: zeroes, which are Zeroes however often.

using System;

namespace NbdFast.Plugins.Data.Contents;

/// <summary>A content in a row, at least twice; it is neither empty nor zeroes.</summary>
internal sealed class Repetition : Content
{
    // A short content is laid out so often that the disk is written in pieces of this size.
    private const int TileBytes = 1 << 20;
    private const int LargestTiled = 64 << 10;

    private readonly Content _content;
    private readonly ulong _times;
    private readonly byte[]? _tile;   // For Read, if the content is short.

    public Repetition(Content content, ulong times)
        : base(
            content.Length * times, Multiply(MemoryOfOne(content), times), Multiply(content.PaintedBytes, times))
    {
        _content = content;
        _times = times;
    }

    private Repetition(Content content, ulong times, bool isKept) : this(content, times) =>
        _tile = isKept && content.Length <= LargestTiled ? Tile(LargestTiled) : null;

    /// <inheritdoc/>
    public override void Paint(ICanvas canvas, ulong offset)
    {
        if (_content.Length <= LargestTiled)
            PaintTiles(canvas, offset);
        else
            for (ulong i = 0; i < _times; i++)
                _content.Paint(canvas, offset + (i * _content.Length));
    }

    /// <inheritdoc/>
    [HotPath]
    public override void Read(Span<byte> buffer, ulong start)
    {
        ulong period = _tile == null ? _content.Length : (ulong)_tile.Length;
        while (!buffer.IsEmpty)
        {
            ulong inside = start % period;
            int length = (int)Math.Min((ulong)buffer.Length, period - inside);
            if (_tile == null)
                _content.Read(buffer[..length], inside);
            else
                _tile.AsSpan((int)inside, length).CopyTo(buffer);
            buffer = buffer[length..];
            start += (ulong)length;
        }
    }

    /// <inheritdoc/>
    /// <remarks>What is shorter than a page is not looked into: a page holds many of it.</remarks>
    [HotPath]
    public override ulong Run(ulong start, out bool isZero)
    {
        isZero = false;
        return _content.Length < PageBytes ? Length - start : _content.Run(start % _content.Length, out isZero);
    }

    internal override Content KeptOn(Shelf shelf) => new Repetition(shelf.Keep(_content), _times, isKept: true);

    private protected override Content Part(ulong start, ulong length)
    {
        ulong skipped = start % _content.Length;
        if (skipped + length <= _content.Length)
            return _content.Slice(skipped, length);

        // The rest of one repetition, whole ones, and the begin of one.
        ulong head = skipped == 0 ? 0 : _content.Length - skipped;
        ulong whole = (length - head) / _content.Length;
        ulong tail = length - head - (whole * _content.Length);
        LayoutBuilder part = new();
        part.Add(0, _content.Slice(skipped, head));
        part.Add(head, whole > 1 ? new Repetition(_content, whole) : _content.Slice(0, whole * _content.Length));
        part.Add(length - tail, _content.Slice(0, tail));
        return part.Build();
    }

    private protected override Content Repeated(ulong times) => new Repetition(_content, _times * times);

    // No page is shared by more than two repetitions, if each is as long as a page.
    private static ulong MemoryOfOne(Content content) => content.MemoryBytes == 0 || content.Length < PageBytes
        ? content.MemoryBytes
        : Math.Max(content.MemoryBytes, PageBytes);

    private static ulong Multiply(ulong memoryBytes, ulong times)
    {
        ulong high = Math.BigMul(memoryBytes, times, out ulong low);
        return high == 0 ? low : ulong.MaxValue;
    }

    // The content as often as it goes into a number of bytes.
    private byte[] Tile(int mostBytes)
    {
        byte[] one = MemoryCanvas.Render(_content);
        byte[] tile = new byte[(ulong)one.Length * Math.Min(_times, (ulong)(mostBytes / one.Length))];
        one.CopyTo(tile, 0);
        for (int filled = one.Length; filled < tile.Length; filled *= 2)
            tile.AsSpan(0, Math.Min(filled, tile.Length - filled)).CopyTo(tile.AsSpan(filled));
        return tile;
    }

    private void PaintTiles(ICanvas canvas, ulong offset)
    {
        byte[] tile = Tile(TileBytes);
        for (ulong done = 0; done < Length;)
        {
            int count = (int)Math.Min((ulong)tile.Length, Length - done);
            canvas.Write(tile.AsSpan(0, count), offset + done);
            done += (ulong)count;
        }
    }
}
