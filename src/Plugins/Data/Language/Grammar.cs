// What may follow what. Not: what it means (Evaluation).

using System.Collections.Generic;

namespace NbdFast.Plugins.Data.Language;

/// <summary>Reads all of a text and checks it, before anything of it is done: no script runs if there is a mistake
/// behind it.</summary>
internal static class Grammar
{
    /// <summary>Checks that parentheses match, and that repetitions, slices and assignments follow an expression.
    /// </summary>
    /// <exception cref="ConfigException">The text is wrong; the message tells where.</exception>
    public static void Check(Text text)
    {
        TokenReader reader = new(text);
        Stack<int> open = new();
        Token? before = null;
        while (reader.TryRead(out Token token))
        {
            if (token.IsPostfix)
                CheckPostfix(text, token, before);
            else if (token.Kind == TokenKind.Open)
                open.Push(token.Position);
            else if (token.Kind == TokenKind.Close && !open.TryPop(out _))
                throw text.Fail(token.Position, "unmatched ')' in data string");
            before = token;
        }

        if (open.TryPop(out int position))
            throw text.Fail(position, "unmatched '(' in data string");
    }

    private static void CheckPostfix(Text text, Token token, Token? before)
    {
        if (before is { EndsExpression: true })
            return;
        string sign = token.Kind switch
        {
            TokenKind.Times => "*N",
            TokenKind.Slice => "[N:M]",
            _ => "->",
        };
        throw text.Fail(token.Position, before is { IsMove: true }
            ? $"{sign} cannot be applied to this type of expression"
            : $"{sign} must follow an expression");
    }
}
