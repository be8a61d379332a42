// A content at its place. Not: several of them (Layout).

namespace NbdFast.Plugins.Data.Contents;

/// <summary>A content that begins at a position.</summary>
/// <param name="Start">The position of its first byte.</param>
/// <param name="Content">What is there.</param>
internal readonly record struct Piece(ulong Start, Content Content)
{
    /// <summary>The position behind its last byte.</summary>
    public ulong End => Start + Content.Length;

    /// <summary>The part between two positions that lie within the piece.</summary>
    public Piece Between(ulong start, ulong end) => new(start, Content.Slice(start - Start, end - start));

    /// <summary>The piece so many bytes further behind.</summary>
    public Piece Moved(ulong distance) => new(Start + distance, Content);
}
