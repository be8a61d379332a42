// The struct that stands for a concrete layer below a fused filter. Not: who uses it (FusedChainEmitter).

using System.Linq;
using NbdFast.Generators.Model;

namespace NbdFast.Generators.Emit;

/// <summary>
/// For each operation the struct asks whether the chain's pointer is the layer it knows. If so it calls that layer,
/// whose sealed class lets the call be inlined; if not (a trace, an emulation or a lock lies between) it calls the
/// chain, which is always right.
/// </summary>
internal static class FusedLayerEmitter
{
    private const string Errno = "global::NbdFast.Errno";
    private const string Task = "global::System.Threading.Tasks.ValueTask<global::NbdFast.Errno>";
    private const string Data =
        "global::System.ReadOnlySpan<byte> data, ulong offset, global::NbdFast.RequestFlags flags";
    private const string Range = "ulong count, ulong offset";
    private const string FlaggedRange = "ulong count, ulong offset, global::NbdFast.RequestFlags flags";

    // What fits into a line of 120 columns beside indentation, "public" and brackets.
    private const int MaximumHead = 100;

    // Operation, the chain's pointer, parameters, arguments.
    private static readonly string[][] Operations =
    [
        ["Read", "Reader", "global::System.Span<byte> buffer, ulong offset", "buffer, offset"],
        ["Write", "Writer", Data, "data, offset, flags"],
        ["Flush", "Flusher", "", ""],
        ["Trim", "Trimmer", FlaggedRange, "count, offset, flags"],
        ["Zero", "Zeroer", FlaggedRange, "count, offset, flags"],
        ["Extents", "Extenter", FlaggedRange + ", global::NbdFast.ExtentList extents", "count, offset, flags, extents"],
        ["Cache", "Cacher", Range, "count, offset"],
    ];

    /// <summary>As <c>OverOffsetFile</c> for offset over file.</summary>
    public static string StructName(FusedLayerModel[] layers) =>
        "Over" + string.Concat(layers.Select(layer => Pascal(layer.Name)));

    /// <summary>The class of the topmost layer's connection.</summary>
    public static string ConnectionType(FusedLayerModel[] layers) =>
        layers.Length == 1
            ? layers[0].ConnectionType
            : $"{layers[0].ConnectionType}<{StructName(layers.Skip(1).ToArray())}>";

    public static void Emit(SourceWriter writer, FusedLayerModel[] layers)
    {
        string name = StructName(layers);
        string unit = ConnectionType(layers);
        string about = string.Join(" over ", layers.Select(layer => $"\"{layer.Name}\""));
        writer.Line($"/// <summary>The layers below a filter when they begin with {about}.</summary>");
        writer.Open($"public readonly struct {name} : global::NbdFast.INext");
        writer.Line("private readonly global::NbdFast.Chain.ChainNext _chain;");
        writer.Line($"private readonly {unit} _unit;").Line();
        writer.Line("/// <summary>Over the chain, and the layer to call wherever nothing lies between.</summary>");
        writer.Line($"public {name}(");
        writer.Indented(indented => indented.Line($"in global::NbdFast.Chain.ChainNext chain, {unit} unit)"));
        writer.Open();
        writer.Line("_chain = chain;").Line("_unit = unit;").Close().Line();
        writer.Line("/// <inheritdoc/>");
        writer.Line("public ref readonly global::NbdFast.ExportInfo Info => ref _chain.Info;");
        foreach (string[] operation in Operations)
            EmitOperation(writer, operation, layers[0].Operations.Contains(operation[0]));
        EmitLend(writer, layers[0].Operations.Contains("Lend"));
        foreach (string[] operation in Operations)
            EmitAsync(writer, operation);
        writer.Close();
    }

    private static void EmitOperation(SourceWriter writer, string[] operation, bool isDirect)
    {
        string call = $"{operation[0]}({operation[3]})";
        writer.Line().Line("/// <inheritdoc/>").Line("[global::NbdFast.HotPath]");
        EmitMember(writer, $"{Errno} {operation[0]}", operation[2], isDirect
            ? $"ReferenceEquals(_chain.{operation[1]}, _unit) ? _unit.{call} : _chain.{call};"
            : $"_chain.{call};   // Not overridden by the layer.");
    }

    private static void EmitLend(SourceWriter writer, bool isDirect)
    {
        writer.Line().Line("/// <inheritdoc/>").Line("[global::NbdFast.HotPath]");
        EmitMember(
            writer, "global::NbdFast.Loan Lend", "uint count, ulong offset, bool wantHoles",
            isDirect
                ? "ReferenceEquals(_chain.Lender, _unit) ? _unit.Lend(count, offset, wantHoles)"
                    + " : _chain.Lend(count, offset, wantHoles);"
                : "_chain.Lend(count, offset, wantHoles);   // Not overridden by the layer.");
        writer.Line().Line("/// <inheritdoc/>").Line("[global::NbdFast.HotPath]");
        EmitMember(
            writer, "global::NbdFast.Loan LendForWrite", "uint count, ulong offset",
            "_chain.LendForWrite(count, offset);");
        writer.Line().Line("/// <inheritdoc/>").Line("[global::NbdFast.HotPath]");
        EmitMember(writer, "void Written", "uint count, ulong offset", "_chain.Written(count, offset);");
    }

    // Whoever waits for a backend does not mind a virtual call.
    private static void EmitAsync(SourceWriter writer, string[] operation)
    {
        string parameters = operation[2].Replace("Span<", "Memory<");
        writer.Line().Line("/// <inheritdoc/>");
        EmitMember(writer, $"{Task} {operation[0]}Async", parameters, $"_chain.{operation[0]}Async({operation[3]});");
    }

    private static void EmitMember(SourceWriter writer, string head, string parameters, string body)
    {
        if (head.Length + parameters.Length <= MaximumHead)
        {
            writer.Line($"public {head}({parameters}) =>");
        }
        else
        {
            writer.Line($"public {head}(");
            writer.Indented(indented => indented.Line($"{parameters}) =>"));
        }
        writer.Indented(indented => indented.Line(body));
    }

    private static string Pascal(string name) => string.Concat(
        from word in name.Split('-')
        where word.Length > 0
        select char.ToUpperInvariant(word[0]) + word.Substring(1));
}
