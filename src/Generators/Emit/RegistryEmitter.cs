// The registry of an assembly: a switch from name to factory. Not: finding assemblies (Cli's UnitCatalogue).

using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis.Text;
using NbdFast.Generators.Model;

namespace NbdFast.Generators.Emit;

internal static class RegistryEmitter
{
    private const string NameList = "global::System.Collections.Generic.IReadOnlyList<string>";

    public static SourceText Emit(UnitKind kind, EquatableArray<RegistryEntry> entries, string rootNamespace)
    {
        string word = kind == UnitKind.Plugin ? "plugin" : "filter";
        // Of two units with one name, which NBDF003 reports, one stays, so that there are no errors beside that.
        List<RegistryEntry> ordered = entries
            .OrderBy(entry => entry.Name, StringComparer.Ordinal)
            .ThenBy(entry => entry.QualifiedName, StringComparer.Ordinal)
            .GroupBy(entry => entry.Name)
            .Select(same => same.First())
            .ToList();

        var writer = new SourceWriter();
        writer.Header($"The {word}s of this assembly by name.");
        if (rootNamespace.Length > 0)
            writer.Line($"namespace {rootNamespace};").Line();
        writer.Line($"/// <summary>The {word}s of this assembly by name.</summary>");
        writer.Open($"public static class {kind}Registry");
        EmitNames(writer, word, ordered);
        writer.Line();
        writer.Line(
            $"/// <summary>All {word}s of this assembly, to be handed to a program that serves them.</summary>");
        writer.Line($"public static {SetOf(kind)} All {{ get; }} = new(Names, Create, Find);");
        writer.Line();
        EmitSwitch(
            writer, $"Makes the {word} of that name, or null if there is none.", $"global::NbdFast.{kind}?", "Create",
            ordered, entry => $"new {entry.QualifiedName}()");
        writer.Line();
        EmitSwitch(
            writer, $"What is known of the {word} of that name at compile time, or null if there is none.",
            "global::NbdFast.Chain.UnitTable?", "Find", ordered, entry => $"{entry.QualifiedName}.Unit");
        return writer.Close().ToSourceText();
    }

    private static string SetOf(UnitKind kind) => $"global::NbdFast.Chain.UnitSet<global::NbdFast.{kind}>";

    private static void EmitNames(SourceWriter writer, string word, List<RegistryEntry> ordered)
    {
        writer.Line($"/// <summary>The names of the {word}s, sorted.</summary>");
        writer.Line($"public static {NameList} Names {{ get; }} =").Line("[");
        writer.Indented(indented =>
        {
            foreach (RegistryEntry entry in ordered)
                indented.Line($"{SourceWriter.Literal(entry.Name)},");
        });
        writer.Line("];");
    }

    private static void EmitSwitch(
        SourceWriter writer, string summary, string type, string method, List<RegistryEntry> ordered,
        Func<RegistryEntry, string> arm)
    {
        writer.Line($"/// <summary>{summary}</summary>");
        writer.Open($"public static {type} {method}(string name) => name switch");
        foreach (RegistryEntry entry in ordered)
            writer.Line($"{SourceWriter.Literal(entry.Name)} => {arm(entry)},");
        writer.Line("_ => null,");
        writer.Close(";");
    }
}
