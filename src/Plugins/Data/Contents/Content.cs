// What an expression stands for: bytes that are described rather than kept. Not: how an expression is read (Language).

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

    private protected Content(ulong length, ulong memoryBytes)
    {
        Length = length;
        MemoryBytes = memoryBytes;
    }

    /// <summary>How many bytes these are.</summary>
    public ulong Length { get; }

    /// <summary>How much memory a disk takes for it at least, as far as that is known before files are read. At most
    /// <see cref="ulong.MaxValue"/>, even if it is more.</summary>
    public ulong MemoryBytes { get; }

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

    /// <summary>Puts it where it belongs, apart from zeroes, which are there already.</summary>
    /// <param name="canvas">Zeroes before.</param>
    /// <param name="offset">The place of the first byte.</param>
    /// <exception cref="ConfigException">A file cannot be read, or there is not enough memory.</exception>
    public abstract void Paint(ICanvas canvas, ulong offset);

    /// <summary>A part that is not empty and not all of it.</summary>
    private protected abstract Content Part(ulong start, ulong length);

    private protected virtual Content Repeated(ulong times) => new Repetition(this, times);
}
