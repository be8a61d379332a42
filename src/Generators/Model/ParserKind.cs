// The ways in which the text of a parameter becomes a value. Not: the parsing (Core's Api/Values).

namespace NbdFast.Generators.Model;

internal enum ParserKind
{
    /// <summary>The text itself.</summary>
    Text,

    /// <summary>A method of <c>NbdFast.Values.Parsers</c>.</summary>
    Builtin,

    /// <summary>One of the words of an enum.</summary>
    Words,

    /// <summary>The type's own <c>static T Parse(string)</c>.</summary>
    Own,
}
