// A canvas that keeps what it is given. Not: where it is kept (Shelf).

using System;

namespace NbdFast.Plugins.Data.Contents;

/// <summary>Makes content of the bytes of another one, which then is needed no more.</summary>
/// <param name="shelf">Keeps the bytes.</param>
/// <param name="length">How many there are.</param>
internal sealed class ShelfCanvas(Shelf shelf, ulong length) : ICanvas
{
    private readonly LayoutBuilder _kept = new();

    /// <inheritdoc/>
    public void Write(ReadOnlySpan<byte> data, ulong offset) => _kept.Add(offset, shelf.Keep(data));

    /// <summary>What was written.</summary>
    public Content Content()
    {
        _kept.Extend(length);
        return _kept.Build();
    }
}
