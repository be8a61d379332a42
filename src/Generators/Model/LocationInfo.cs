// Where something stands in the source, without holding on to the syntax tree it stands in. Not: a Location.

using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace NbdFast.Generators.Model;

/// <summary>A place in a file, compared by value.</summary>
internal sealed record LocationInfo(string Path, TextSpan Span, LinePositionSpan Lines)
{
    /// <summary>The place of a symbol's first declaration in source; null for a symbol from a library.</summary>
    public static LocationInfo? Of(ISymbol symbol) => symbol.Locations.Length == 0 ? null : Of(symbol.Locations[0]);

    public static LocationInfo? Of(Location location) =>
        location.IsInSource
            ? new(location.SourceTree.FilePath, location.SourceSpan, location.GetLineSpan().Span)
            : null;

    public Location ToLocation() => Location.Create(Path, Span, Lines);
}
