// The table of a unit: what is known of it at compile time. Not: its parameters' parsing (BinderEmitter).

using System.Collections.Generic;
using System.Linq;
using NbdFast.Generators.Model;

namespace NbdFast.Generators.Emit;

internal static class TableEmitter
{
    private const string Operations = "global::NbdFast.Operations";

    public static void Emit(SourceWriter writer, UnitModel unit)
    {
        string attribute = unit.Kind == UnitKind.Plugin ? "[NbdPlugin]" : "[NbdFilter]";
        writer.Line($"/// <summary>What is known of \"{unit.Name}\" at compile time.</summary>");
        writer.Open("public static global::NbdFast.Chain.UnitTable Unit { get; } = new()");
        writer.Line($"// From {attribute}.");
        writer.Line($"Name = {SourceWriter.Literal(unit.Name)},");
        writer.Line($"LongName = {SourceWriter.Literal(unit.LongName)},");
        if (unit.Description != null)
            writer.Line($"Description = {SourceWriter.Literal(unit.Description)},");
        writer.Line($"ThreadModel = global::NbdFast.ThreadModel.{unit.ThreadModel},");
        writer.Line($"Latency = global::NbdFast.Latency.{unit.Latency},");
        EmitOperations(writer, unit);
        EmitParameters(writer, unit);
        EmitCallbacks(writer, unit);
        writer.Close(";").Line();
        writer.Line("/// <inheritdoc/>");
        writer.Line("public override global::NbdFast.Chain.UnitTable Table => Unit;");
    }

    private static void EmitOperations(SourceWriter writer, UnitModel unit)
    {
        writer.Line();
        EmitSet(writer, "Operations", "The operations that are overridden.", unit.Overrides);
        EmitSet(
            writer, "AsyncOperations", "Of those, the ones overridden in the async twin.",
            unit.Overrides.Where(operation => operation.IsAsync));
    }

    // One operation per line, each with the member it was found in. Both twins of an operation may be there.
    private static void EmitSet(
        SourceWriter writer, string property, string comment, IEnumerable<OverrideModel> overrides)
    {
        List<OverrideModel> operations = overrides
            .GroupBy(operation => operation.Operation)
            .Select(twins => twins.First())
            .ToList();
        if (operations.Count == 0)
        {
            writer.Line($"{property} = {Operations}.None,");
            return;
        }
        writer.Line($"// {comment}");
        writer.Line($"{property} =");
        writer.Indented(indented =>
        {
            for (int i = 0; i < operations.Count; i++)
            {
                string tail = i + 1 < operations.Count ? " |" : ",";
                indented.Line($"{Operations}.{operations[i].Operation}{tail}   // {operations[i].Source}");
            }
        });
    }

    private static void EmitParameters(SourceWriter writer, UnitModel unit)
    {
        if (unit.Parameters.Count == 0)
            return;
        writer.Line().Line("// From [NbdParameter].");
        ParameterModel? magic = unit.Parameters.FirstOrDefault(parameter => parameter.IsMagic);
        if (magic != null)
            writer.Line($"MagicKey = {SourceWriter.Literal(magic.Key)},   // {unit.ClassName}.{magic.Property}");
        List<string> secret = unit.Parameters
            .Where(parameter => parameter.IsSecret)
            .Select(parameter => SourceWriter.Literal(parameter.Key))
            .ToList();
        if (secret.Count > 0)
            writer.Line($"SecretKeys = [{string.Join(", ", secret)}],   // Properties of type Password.");
        HelpEmitter.Emit(writer, unit);
    }

    private static void EmitCallbacks(SourceWriter writer, UnitModel unit)
    {
        if (unit.Callbacks.Count == 0)
            return;
        writer.Line().Line("// nbdkit's names of what is provided, for --dump-plugin.");
        writer.Line("Callbacks =").Line("[");
        writer.Indented(indented =>
        {
            foreach (CallbackModel callback in unit.Callbacks)
                indented.Line($"{SourceWriter.Literal(callback.Name)},   // {callback.Source}");
        });
        writer.Line("],");
    }
}
