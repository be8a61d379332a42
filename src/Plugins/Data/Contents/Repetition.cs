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

    public Repetition(Content content, ulong times)
        : base(content.Length * times, Multiply(MemoryOfOne(content), times))
    {
        _content = content;
        _times = times;
    }

    /// <inheritdoc/>
    public override void Paint(ICanvas canvas, ulong offset)
    {
        if (_content.Length <= LargestTiled)
            PaintTiles(canvas, offset);
        else
            for (ulong i = 0; i < _times; i++)
                _content.Paint(canvas, offset + (i * _content.Length));
    }

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

    private void PaintTiles(ICanvas canvas, ulong offset)
    {
        byte[] one = MemoryCanvas.Render(_content);
        ulong perTile = Math.Min(_times, (ulong)(TileBytes / one.Length));
        byte[] tile = new byte[(ulong)one.Length * perTile];
        one.CopyTo(tile, 0);
        for (int filled = one.Length; filled < tile.Length; filled *= 2)
            tile.AsSpan(0, Math.Min(filled, tile.Length - filled)).CopyTo(tile.AsSpan(filled));

        for (ulong done = 0; done < Length;)
        {
            int count = (int)Math.Min((ulong)tile.Length, Length - done);
            canvas.Write(tile.AsSpan(0, count), offset + done);
            done += (ulong)count;
        }
    }
}
