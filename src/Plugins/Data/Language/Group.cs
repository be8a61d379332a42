// "( ... )": a list of expressions with an offset and names of its own. Not: the order of work (Evaluation).

using System;
using System.Collections.Generic;
using NbdFast.Plugins.Data.Contents;

namespace NbdFast.Plugins.Data.Language;

/// <summary>A list under way. The last expression waits for what may follow on it: a repetition, a slice, a
/// name.</summary>
/// <param name="text">Where the list stands, for messages.</param>
internal sealed class Group(Text text)
{
    private const string TooLarge = "data parameter: the disk would be larger than 2^63-1 bytes";

    private LayoutBuilder? _pieces;                // None yet, as in most groups for most of the time.
    private Dictionary<string, Value?>? _hidden;   // Names that are defined here, and what had them before.
    private Value? _last;
    private int _lastPosition;
    private ulong _offset;

    /// <summary>The last expression: there is one where something postfix follows.</summary>
    public Value Last
    {
        get => _last!;
        set => _last = value;
    }

    private LayoutBuilder Pieces => _pieces ??= new();

    /// <summary>The next expression.</summary>
    public void Add(Value value, int position)
    {
        Settle();
        _last = value;
        _lastPosition = position;
    }

    /// <summary>The last expression is not part of the list, but only has a name.</summary>
    public void Name(string name, Names names)
    {
        _hidden ??= new(StringComparer.Ordinal);
        _hidden.TryAdd(name, names.Define(name, Last));
        _last = null;
    }

    /// <summary>Repeats the last expression.</summary>
    public void Repeat(Token token)
    {
        if (token.Number == 0)
            Last = new Value(Content.Empty);
        else if (token.Number > 1)
            Last = new Value(Last.All().Repeat(token.Number) ?? throw text.Fail(token.Position, TooLarge));
    }

    /// <summary>Cuts the last expression.</summary>
    public void Slice(Token token) => Last = new Value(
        Last.Slice(token.Number, token.End)
        ?? throw text.Fail(token.Position, "[N:M] does not describe a valid slice"));

    /// <summary>Moves the offset.</summary>
    public void Move(Token token)
    {
        Settle();
        ulong number = token.Number;
        _offset = token.Kind switch
        {
            TokenKind.MoveForward => _offset + number,
            TokenKind.Align => (_offset + number - 1) & ~(number - 1),
            TokenKind.MoveBack when number > _offset => throw text.Fail(
                token.Position, $"data parameter @-{number} must not be larger than the current offset {_offset}"),
            TokenKind.MoveBack => _offset - number,
            _ => number,
        };
        if (_offset > Content.MaximumLength)
            throw text.Fail(token.Position, TooLarge);
        Pieces.Extend(_offset);
    }

    /// <summary>Ends the list: its names are gone.</summary>
    /// <returns>Its value.</returns>
    public Value End(Names names)
    {
        if (_hidden != null)
            foreach ((string name, Value? hidden) in _hidden)
                names.Restore(name, hidden);
        if (_last is { } only && _pieces == null)
            return only;
        if (_last is { Rest: { } rest, Known: var known } && known.Length <= Content.MaximumLength - _offset
            && _offset + known.Length >= Pieces.Length)
        {
            // The source stays unread: there may be a slice of this list.
            Pieces.Add(_offset, known);
            return new Value(Pieces.Build(), rest);
        }

        Settle();
        return new Value(_pieces?.Build() ?? Content.Empty);
    }

    // Nothing that would change the last expression can follow any more.
    private void Settle()
    {
        if (_last == null)
            return;
        Content content = _last.All();
        if (content.Length > Content.MaximumLength - _offset)
            throw text.Fail(_lastPosition, TooLarge);
        Pieces.Add(_offset, content);
        _offset += content.Length;
        _last = null;
    }
}
