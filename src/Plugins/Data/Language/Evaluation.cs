// Finds out what an expression stands for. Not: whether it is one (Grammar), lists and their offsets (Group).

using System;
using System.Collections.Generic;
using System.Text;
using NbdFast.Plugins.Data.Contents;

namespace NbdFast.Plugins.Data.Language;

/// <summary>
/// Works through tokens, from left to right: what is postfix in the language changes the expression that stands before
/// it. Lists and variables within each other lie on a stack of its own, so that any number of parentheses will do.
/// Files and scripts stay open until this is disposed of: their content is read when a disk is filled.
/// </summary>
/// <param name="variables">The values of <c>$VAR</c>.</param>
/// <param name="shelf">Keeps what is read before the disk is filled.</param>
internal sealed class Evaluation(Variables variables, Shelf shelf) : IDisposable
{
    // Variables that name each other twice double their text each time.
    private const int MostExpansions = 1 << 20;

    private readonly List<IDisposable> _open = [];
    private readonly Names _names = new();
    private readonly Stack<Tape> _tapes = new();
    private readonly Stack<(Group Group, int Position)> _groups = new();
    private readonly HashSet<string> _expanding = new(StringComparer.Ordinal);
    private int _expansions;
    private ulong _fileBytes;

    /// <summary>How many bytes there are in files, and have come from scripts: what a disk takes at least that has each
    /// of them once.</summary>
    public ulong SourceBytes => _fileBytes + shelf.UsedBytes;

    /// <summary>Evaluates a text.</summary>
    /// <exception cref="ConfigException">It is wrong, or a file or script fails.</exception>
    public Value Evaluate(Text text)
    {
        Grammar.Check(text);
        Begin(text, 0, null);
        while (true)
        {
            Tape tape = _tapes.Peek();
            Group group = _groups.Peek().Group;
            if (tape.Reader.TryRead(out Token token))
            {
                Do(token, tape, group);
                continue;
            }

            _tapes.Pop();
            if (_tapes.Count == 0)
                return _groups.Pop().Group.End(_names);
            _expanding.Remove(tape.Variable!);
            EndGroup();
        }
    }

    /// <summary>Closes files, and waits for scripts to end.</summary>
    public void Dispose()
    {
        foreach (IDisposable open in _open)
            open.Dispose();
        _open.Clear();
    }

    private void Do(Token token, Tape tape, Group group)
    {
        switch (token.Kind)
        {
            case TokenKind.Bytes:
                group.Add(new Value(Literal.Of(token.Bytes)), token.Position);
                break;
            case TokenKind.File:
                group.Add(OpenFile(token, tape.Text), token.Position);
                break;
            case TokenKind.Script:
                ScriptSource script = new(
                    token.Bytes, shelf, message => tape.Text.Fail(token.Position, message));
                _open.Add(script);
                group.Add(new Value(Content.Empty, script, IsSource: true), token.Position);
                break;
            case TokenKind.Name:
                group.Add(
                    _names.Find(NameOf(token))
                        ?? throw tape.Text.Fail(token.Position, $"\\{NameOf(token)} not defined"),
                    token.Position);
                break;
            case TokenKind.Variable:
                Expand(NameOf(token), token.Position, tape.Text);
                break;
            case TokenKind.Open:
                _groups.Push((new Group(tape.Text), token.Position));
                break;
            case TokenKind.Close:
                EndGroup();
                break;
            case TokenKind.Times:
                group.Repeat(token);
                break;
            case TokenKind.Slice:
                group.Slice(token);
                break;
            case TokenKind.Assign:
                group.Name(NameOf(token), _names);
                break;
            default:
                group.Move(token);
                break;
        }
    }

    private static string NameOf(Token token) => Encoding.UTF8.GetString(token.Bytes.Span);

    private void Begin(Text text, int position, string? variable)
    {
        _tapes.Push(new Tape(text, new TokenReader(text), variable));
        _groups.Push((new Group(text), position));
    }

    private void EndGroup()
    {
        (Group group, int position) = _groups.Pop();
        Value value = group.End(_names);
        _groups.Peek().Group.Add(value, position);
    }

    private void Expand(string name, int position, Text text)
    {
        Text found = variables.Find(name) ?? throw text.Fail(position, $"${name}: variable not found");
        if (!_expanding.Add(name))
            throw text.Fail(position, $"${name}: the variable contains itself");
        if (++_expansions > MostExpansions)
            throw text.Fail(position, $"${name}: variables contain each other more than {MostExpansions} times");
        Begin(found, position, name);
    }

    private Value OpenFile(Token token, Text text)
    {
        string path = NameOf(token);
        Errno errno = DataFile.Open(path, out DataFile? file);
        if (errno != Errno.Ok)
            throw text.Fail(token.Position, $"{path}: {errno.Text()}");
        if (file!.HasSize)
        {
            _open.Add(file);
            Content content = file.Content();
            _fileBytes += content.PaintedBytes;
            return new Value(content, IsSource: true);
        }

        FileSource source = new(file, shelf, message => text.Fail(token.Position, message));
        _open.Add(source);
        return new Value(Content.Empty, source, IsSource: true);
    }
}
