// Takes a text apart into tokens. Not: what may follow what (Grammar).

using System;
using System.Buffers;

namespace NbdFast.Plugins.Data.Language;

/// <summary>Reads one token after the other. White space and comments, which end with their line, lie between
/// them.</summary>
/// <param name="text">The text.</param>
internal sealed class TokenReader(Text text)
{
    private const string ParsingError = "data parameter: parsing error";

    private static readonly SearchValues<byte> InNames = SearchValues.Create(
        "-_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    private static readonly SearchValues<byte> InVariables = SearchValues.Create(
        "_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    private static readonly SearchValues<byte> InBase64 = SearchValues.Create(
        "+/=0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    // What may follow on a file: white space, its slice, its repetition, the end of what it is part of.
    private static readonly SearchValues<byte> BehindPath = SearchValues.Create(" \t\n\v\f\r*[)"u8);

    private readonly Cursor _cursor = new(text);

    /// <summary>Reads the next token.</summary>
    /// <param name="token">The token; nothing at the end.</param>
    /// <returns>False at the end.</returns>
    /// <exception cref="ConfigException">There is none; the message tells where.</exception>
    public bool TryRead(out Token token)
    {
        PassGaps();
        token = default;
        if (_cursor.Rest.IsEmpty)
            return false;
        int start = _cursor.Position;
        token = (char)_cursor.Next switch
        {
            >= '0' and <= '9' => Bytes(start, WordLiteral.ReadByte(_cursor)),
            '"' => Bytes(start, StringLiteral.Read(_cursor)),
            'l' or 'b' => Word(start),
            '@' => Move(start),
            '<' => FileOrScript(start),
            '(' => Mark(TokenKind.Open),
            ')' => Mark(TokenKind.Close),
            '*' => Times(start),
            '[' => Slice(start),
            '-' => Assignment(start),
            '\\' => Name(start, TokenKind.Name),
            '$' => Variable(start),
            _ => throw _cursor.Fail(ParsingError),
        };
        return true;
    }

    private static Token Bytes(int start, byte[] bytes) => new(TokenKind.Bytes, start) { Bytes = bytes };

    private void PassGaps()
    {
        _cursor.PassWhite();
        while (_cursor.Next == '#')
        {
            int length = _cursor.Rest.IndexOf((byte)'\n');
            _cursor.Position = length < 0 ? text.Bytes.Length : _cursor.Position + length;
            _cursor.PassWhite();
        }
    }

    private Token Mark(TokenKind kind) => new(kind, _cursor.Position++);

    private Token Word(int start)
    {
        if (WordLiteral.TryRead(_cursor) is { } word)
            return Bytes(start, word);
        const string Prefix = "base64:";
        if (!_cursor.Rest.StartsWith("base64:"u8))
            throw _cursor.Fail("data parameter: expected \"le16/32/64:\" or \"be16/32/64:\" or \"base64:\"");
        _cursor.Position += Prefix.Length;
        ReadOnlyMemory<byte> encoded = _cursor.PassAll(InBase64);
        return Base64Text.Decode(encoded.Span) is { } bytes
            ? Bytes(start, bytes)
            : throw text.Fail(start, "data parameter: base64: Base64 decoding error");
    }

    private Token Move(int start)
    {
        _cursor.Position++;
        (TokenKind kind, string what) =
            _cursor.Passes('+') ? (TokenKind.MoveForward, "data parameter after @+")
            : _cursor.Passes('-') ? (TokenKind.MoveBack, "data parameter after @-")
            : _cursor.Passes('^') ? (TokenKind.Align, "data parameter after @^")
            : (TokenKind.MoveTo, "data parameter @OFFSET");
        _cursor.PassWhite();
        ulong number = Count.Read(_cursor, what);
        if (kind == TokenKind.Align && !ulong.IsPow2(number))
            throw text.Fail(start, $"data parameter @^{number} must be a power of 2");
        return new Token(kind, start) { Number = number };
    }

    private Token FileOrScript(int start)
    {
        _cursor.Position++;
        if (_cursor.Next == '(')
            return Script(start);
        int length = _cursor.Rest.IndexOfAny(BehindPath);
        int end = length < 0 ? text.Bytes.Length : _cursor.Position + length;
        ReadOnlyMemory<byte> path = text.Part(_cursor.Position, end);
        if (path.IsEmpty)
            throw text.Fail(start, "data parameter <FILE not a filename");
        _cursor.Position = end;
        return new Token(TokenKind.File, start) { Bytes = path };
    }

    // The script ends with the parenthesis that closes the first one, whatever quotes there are.
    private Token Script(int start)
    {
        int begin = _cursor.Position + 1;
        int depth = 0;
        do
        {
            int next = _cursor.Rest.IndexOfAny((byte)'(', (byte)')');
            if (next < 0)
                throw text.Fail(start, $"{ParsingError}: <( without its )");
            depth += _cursor.Rest[next] == '(' ? 1 : -1;
            _cursor.Position += next + 1;
        }
        while (depth > 0);

        return new Token(TokenKind.Script, start) { Bytes = text.Part(begin, _cursor.Position - 1) };
    }

    private Token Times(int start)
    {
        _cursor.Position++;
        _cursor.PassWhite();
        return new Token(TokenKind.Times, start) { Number = Count.Read(_cursor, "*N") };
    }

    private Token Slice(int start)
    {
        _cursor.Position++;
        _cursor.PassWhite();
        ulong first = _cursor.Next == ':' ? 0 : Count.Read(_cursor, "[N:M]");
        _cursor.PassWhite();
        if (!_cursor.Passes(':'))
            throw _cursor.Fail($"{ParsingError}: expected the ':' of [N:M]");
        _cursor.PassWhite();
        ulong? end = _cursor.Next == ']' ? null : Count.Read(_cursor, "[N:M]");
        _cursor.PassWhite();
        if (!_cursor.Passes(']'))
            throw _cursor.Fail($"{ParsingError}: expected the ']' of [N:M]");
        return end < first
            ? throw text.Fail(start, "[N:M] does not describe a valid slice")
            : new Token(TokenKind.Slice, start) { Number = first, End = end };
    }

    private Token Assignment(int start)
    {
        if (!_cursor.Rest.StartsWith("->"u8))
            throw _cursor.Fail(ParsingError);
        _cursor.Position += 2;
        _cursor.PassWhite();
        if (_cursor.Next != '\\')
            throw _cursor.Fail($"{ParsingError}: expected the \\NAME that -> assigns to");
        return Name(_cursor.Position, TokenKind.Assign) with { Position = start };
    }

    private Token Name(int start, TokenKind kind)
    {
        _cursor.Position++;
        ReadOnlyMemory<byte> name = _cursor.PassAll(InNames);
        // "\a->\b": the dash belongs to the arrow.
        if (_cursor.Next == '>' && name.Span is [.., (byte)'-'])
        {
            name = name[..^1];
            _cursor.Position--;
        }

        return name.IsEmpty
            ? throw text.Fail(start, $"{ParsingError}: expected the name behind \\")
            : new Token(kind, start) { Bytes = name };
    }

    private Token Variable(int start)
    {
        _cursor.Position++;
        if (char.IsAsciiDigit((char)_cursor.Next))
            throw _cursor.Fail($"{ParsingError}: a variable's name begins with a letter");
        ReadOnlyMemory<byte> name = _cursor.PassAll(InVariables);
        return name.IsEmpty
            ? throw text.Fail(start, $"{ParsingError}: expected the name behind $")
            : new Token(TokenKind.Variable, start) { Bytes = name };
    }
}
