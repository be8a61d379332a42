// What an expression stands for: bytes that are described rather than kept. Not: how an expression is read (Language).

using System;

namespace NbdFast.Plugins.Data.Contents;

/// <summary>Bytes that never change, made of parts: a terabyte of one letter takes no more memory than the
/// letter.</summary>
internal abstract class Content
{
    /// <summary>The unit in which a disk takes memory.</summary>
    public const uint PageBytes = 4096;

    /// <summary>The longest content: the largest disk that there can be.</summary>
    public const ulong MaximumLength = ExportInfo.MaximumSize;

    /// <summary>No bytes.</summary>
    public static readonly Content Empty = new Zeroes(0);

    private protected Content(ulong length, ulong memoryBytes, ulong paintedBytes)
    {
        Length = length;
        MemoryBytes = memoryBytes;
        PaintedBytes = paintedBytes;
    }

    /// <summary>How many bytes these are.</summary>
    public ulong Length { get; }

    /// <summary>How much memory a disk takes for it at least, as far as that is known before files are read. At most
    /// <see cref="ulong.MaxValue"/>, even if it is more.</summary>
    public ulong MemoryBytes { get; }

    /// <summary>How many bytes <see cref="Paint"/> puts on its canvas, with a limit as <see cref="MemoryBytes"/>
    /// has it.</summary>
    public ulong PaintedBytes { get; }

    /// <summary>The bytes that all of the content repeats are zeroes.</summary>
    public virtual bool IsZero => false;

    /// <summary>A part of it.</summary>
    /// <param name="start">The first byte.</param>
    /// <param name="length">How many; the part ends within the content.</param>
    public Content Slice(ulong start, ulong length)
    {
        if (length == 0)
            return Empty;
        return start == 0 && length == Length ? this : Part(start, length);
    }

    /// <summary>The content some times in a row, or null if that is longer than a disk can be.</summary>
    public Content? Repeat(ulong times)
    {
        if (times == 0 || Length == 0)
            return Empty;
        if (times > MaximumLength / Length)
            return null;
        if (IsZero)
            return new Zeroes(Length * times);
        return times == 1 ? this : Repeated(times);
    }

    /// <summary>Fills a buffer with the bytes from a position on. Only of what <see cref="Shelf.Keep(Content)"/> has
    /// given.</summary>
    /// <param name="buffer">As many bytes as are wanted; they end within the content.</param>
    /// <param name="start">The position of the first byte.</param>
    [HotPath]
    public abstract void Read(Span<byte> buffer, ulong start);

    /// <summary>How many bytes from a position on are alike.</summary>
    /// <param name="start">A position within the content.</param>
    /// <param name="isZero">They are zeroes; else they may be anything.</param>
    [HotPath]
    public virtual ulong Run(ulong start, out bool isZero)
    {
        isZero = IsZero;
        return Length - start;
    }

    /// <summary>Puts it where it belongs, apart from zeroes, which are there already.</summary>
    /// <param name="canvas">Zeroes before.</param>
    /// <param name="offset">The place of the first byte.</param>
    /// <exception cref="ConfigException">A file cannot be read, or there is not enough memory.</exception>
    public abstract void Paint(ICanvas canvas, ulong offset);

    /// <summary>The same content for a disk that is computed whenever it is read.</summary>
    /// <param name="shelf">Keeps what cannot be had again.</param>
    /// <exception cref="ConfigException">A file cannot be read, or there is not enough memory.</exception>
    internal virtual Content KeptOn(Shelf shelf) => this;

    /// <summary>A part that is not empty and not all of it.</summary>
    private protected abstract Content Part(ulong start, ulong length);

    private protected virtual Content Repeated(ulong times) => new Repetition(this, times);
}
