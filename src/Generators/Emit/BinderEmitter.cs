// The switch from key to parser to property, and what follows from required keys. Not: the parsers (Core's Api/Values).

using System.Collections.Generic;
using System.Linq;
using NbdFast.Generators.Model;

namespace NbdFast.Generators.Emit;

internal static class BinderEmitter
{
    // What fits into a line of 120 columns beside the indentation of a case.
    private const int MaximumStatement = 100;

    private const string ConfigException = "global::NbdFast.ConfigException";
    private const string Parsers = "global::NbdFast.Values.Parsers";

    public static void Emit(SourceWriter writer, UnitModel unit)
    {
        List<ParameterModel> required = unit.Parameters.Where(parameter => parameter.IsRequired).ToList();
        foreach (ParameterModel parameter in required)
            writer.Line($"private bool {GivenField(parameter)};   // {parameter.Key}= was on the command line.");
        if (required.Count > 0)
            writer.Line();
        EmitMissing(writer, required);
        writer.Line();
        EmitBind(writer, unit);
        foreach (ParameterModel parameter in unit.Parameters.Where(parameter => parameter.Parser == ParserKind.Words))
        {
            writer.Line();
            EmitWords(writer, unit, parameter);
        }
    }

    private static void EmitMissing(SourceWriter writer, List<ParameterModel> required)
    {
        writer.Line("/// <inheritdoc/>");
        if (required.Count == 0)
        {
            writer.Line("public override string? MissingParameter => null;   // Nothing is required.");
            return;
        }
        writer.Line("public override string? MissingParameter =>");
        writer.Indented(indented =>
        {
            foreach (ParameterModel parameter in required)
            {
                string message = $"you must specify {parameter.Key}=<{parameter.ValueName}> on the command line";
                indented.Line($"!{GivenField(parameter)} ? {SourceWriter.Literal(message)} :");
            }
            indented.Line("null;");
        });
    }

    private static void EmitBind(SourceWriter writer, UnitModel unit)
    {
        writer.Line("/// <inheritdoc/>");
        if (unit.Parameters.Count == 0)
        {
            writer.Line("public override bool Bind(string key, string value) => false;   // There are no parameters.");
            return;
        }
        writer.Open("public override bool Bind(string key, string value)").Open("switch (key)");
        foreach (ParameterModel parameter in unit.Parameters)
        {
            writer.Line($"case {SourceWriter.Literal(parameter.Key)}:   // {unit.ClassName}.{parameter.Property}");
            writer.Indented(indented =>
            {
                EmitAssignment(indented, parameter);
                if (parameter.IsRequired)
                    indented.Line($"{GivenField(parameter)} = true;");
                indented.Line("return true;");
            });
        }
        writer.Line("default:").Indented(indented => indented.Line("return false;"));
        writer.Close().Close();
    }

    private static void EmitAssignment(SourceWriter writer, ParameterModel parameter)
    {
        string target = parameter.Property;
        if (parameter.IsListNullable)
            writer.Line($"{target} ??= new();");
        string head = parameter.IsList ? $"{target}.Add(" : $"{target} =";
        string value = Parsed(parameter) + (parameter.IsList ? ");" : ";");
        if (head.Length + value.Length > MaximumStatement)
            writer.Line(head).Indented(indented => indented.Line(value));
        else
            writer.Line(parameter.IsList ? head + value : $"{head} {value}");
    }

    // Parsers.ForKey puts the key before a parser's message; the words' message names the key itself, as nbdkit's do.
    private static string Parsed(ParameterModel parameter) => parameter.Parser switch
    {
        ParserKind.Text => "value",
        ParserKind.Words => $"{WordsMethod(parameter)}(value)",
        ParserKind.Builtin => $"{Parsers}.ForKey(key, value, {Parsers}.{parameter.ParserMethod})",
        _ => $"{Parsers}.ForKey(key, value, {parameter.ValueType}.{parameter.ParserMethod})",
    };

    private static void EmitWords(SourceWriter writer, UnitModel unit, ParameterModel parameter)
    {
        writer.Line($"// The words of {unit.ClassName}.{parameter.Property} are the members of its type.");
        writer.Line($"private static {parameter.ValueType} {WordsMethod(parameter)}(string value) => value switch");
        writer.Line("{");
        writer.Indented(indented =>
        {
            foreach (WordModel word in parameter.Words)
                indented.Line($"{SourceWriter.Literal(word.Word)} => {parameter.ValueType}.{word.Member},");
            // The text before and after the value, so that braces in it need no care.
            string before = SourceWriter.Literal($"unknown {parameter.Key} '");
            string after = SourceWriter.Literal($"': use {Choice(parameter)}");
            indented.Line($"_ => throw new {ConfigException}(");
            indented.Indented(text => text.Line($"{before} + value + {after}),"));
        });
        writer.Line("};");
    }

    private static string Choice(ParameterModel parameter)
    {
        List<string> words = parameter.Words.Select(word => word.Word).ToList();
        return words.Count < 2
            ? string.Join("", words)
            : string.Join(", ", words.Take(words.Count - 1)) + " or " + words[words.Count - 1];
    }

    private static string GivenField(ParameterModel parameter) => $"_given{parameter.Property}";

    private static string WordsMethod(ParameterModel parameter) => $"Parse{parameter.Property}";
}
