// Takes options off a command line one by one, in the way of getopt_long(3). Not: their meaning (CommandLine).

using System;
using System.Collections.Generic;

namespace NbdFast.Cli;

/// <summary>
/// Options may stand anywhere before <c>--</c>; letters may be bundled, the last of a bundle may take the rest, or the
/// next argument, as its value; long names may be shortened as long as they are unambiguous.
/// </summary>
/// <param name="arguments">The command line without the program's name.</param>
/// <param name="stopAtOperand">Nothing after the first operand is an option (POSIXLY_CORRECT).</param>
internal sealed class OptionReader(IReadOnlyList<string> arguments, bool stopAtOperand)
{
    private readonly List<string> _operands = [];
    private int _index;

    // The bundle of letters that is being taken apart, and where; null between bundles.
    private string? _bundle;
    private int _letter;

    /// <summary>The arguments that are no options, once <see cref="Next"/> has said false.</summary>
    public IReadOnlyList<string> Operands => _operands;

    /// <summary>Takes the next option.</summary>
    /// <param name="option">What it is.</param>
    /// <param name="value">Its value; "" for an option without.</param>
    /// <returns>False when there is none left.</returns>
    /// <exception cref="UsageException">It is unknown, ambiguous, lacks its value or has one too many.</exception>
    public bool Next(out OptionId option, out string value)
    {
        if (_bundle != null)
            return NextLetter(out option, out value);
        while (_index < arguments.Count)
        {
            string argument = arguments[_index++];
            if (argument == "--" || (stopAtOperand && !IsOption(argument)))
            {
                if (argument != "--")
                    _operands.Add(argument);
                while (_index < arguments.Count)
                    _operands.Add(arguments[_index++]);
            }
            else if (!IsOption(argument))
            {
                _operands.Add(argument);
            }
            else if (argument[1] == '-')
            {
                return NextLong(argument.AsSpan(2), out option, out value);
            }
            else
            {
                _bundle = argument;
                _letter = 1;
                return NextLetter(out option, out value);
            }
        }

        option = default;
        value = "";
        return false;
    }

    // A lone dash is an operand: it stands for standard input as a rule.
    private static bool IsOption(string argument) => argument.Length > 1 && argument[0] == '-';

    private bool NextLetter(out OptionId option, out string value)
    {
        char letter = _bundle![_letter++];
        OptionSpelling spelling = FindLetter(letter);
        string rest = _bundle[_letter..];
        if (spelling.TakesValue || rest.Length == 0)
            _bundle = null;
        option = spelling.Id;
        value = "";
        if (!spelling.TakesValue)
            return true;
        if (rest.Length == 0 && _index == arguments.Count)
            throw Bad($"option requires an argument -- '{letter}'");
        value = rest.Length > 0 ? rest : arguments[_index++];
        return true;
    }

    private static OptionSpelling FindLetter(char letter)
    {
        foreach (OptionSpelling spelling in OptionTable.Spellings)
            if (spelling.Short == letter && letter != '\0')
                return spelling;
        throw Bad($"invalid option -- '{letter}'");
    }

    private bool NextLong(ReadOnlySpan<char> text, out OptionId option, out string value)
    {
        int equals = text.IndexOf('=');
        OptionSpelling spelling = FindLong(equals < 0 ? text : text[..equals], text);
        option = spelling.Id;
        value = "";
        if (!spelling.TakesValue)
            return equals < 0 ? true : throw Bad($"option '--{spelling.Long}' doesn't allow an argument");
        if (equals < 0 && _index == arguments.Count)
            throw Bad($"option '--{spelling.Long}' requires an argument");
        value = equals < 0 ? arguments[_index++] : text[(equals + 1)..].ToString();
        return true;
    }

    private static OptionSpelling FindLong(ReadOnlySpan<char> name, ReadOnlySpan<char> whole)
    {
        OptionSpelling? first = null;
        string others = "";
        foreach (OptionSpelling spelling in OptionTable.Spellings)
        {
            if (!spelling.Long.AsSpan().StartsWith(name))
                continue;
            if (spelling.Long.Length == name.Length)
                return spelling;
            if (first == null)
                first = spelling;
            else if (!spelling.MeansTheSameAs(first.Value))
                others += $" '--{spelling.Long}'";
        }

        if (first == null)
            throw Bad($"unrecognized option '--{whole}'");
        if (others.Length > 0)
            throw Bad($"option '--{whole}' is ambiguous; possibilities: '--{first.Value.Long}'{others}");
        return first.Value;
    }

    private static UsageException Bad(string message) => new(message) { ShowsUsage = true };
}
