// One word of the language. Not: reading it (TokenReader).

using System;

namespace NbdFast.Plugins.Data.Language;

/// <summary>A token.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Position">Where it begins in its text.</param>
internal readonly record struct Token(TokenKind Kind, int Position)
{
    /// <summary>The bytes, path, script or name.</summary>
    public ReadOnlyMemory<byte> Bytes { get; init; }

    /// <summary>The number; of a slice the first position.</summary>
    public ulong Number { get; init; }

    /// <summary>The position behind a slice, or null: up to the end.</summary>
    public ulong? End { get; init; }

    /// <summary>It says something about the expression before it.</summary>
    public bool IsPostfix => Kind is TokenKind.Times or TokenKind.Slice or TokenKind.Assign;

    /// <summary>It is an expression, or the end of one: what is postfix may follow.</summary>
    public bool EndsExpression =>
        Kind is TokenKind.Bytes or TokenKind.File or TokenKind.Script or TokenKind.Name or TokenKind.Variable
            or TokenKind.Close or TokenKind.Times or TokenKind.Slice;

    /// <summary>It moves the offset.</summary>
    public bool IsMove => Kind >= TokenKind.MoveTo;
}
