// How a filter's connection is laid over the layers below it. Not: the fused form of the same (FusedChainEmitter).

using NbdFast.Generators.Model;
using NbdFast.Generators.Parsing;

namespace NbdFast.Generators.Emit;

internal static class ConnectEmitter
{
    public static void Emit(SourceWriter writer, UnitModel unit)
    {
        if (unit.Reopens)
        {
            writer.Line("/// <summary>The connection calls Reopen: no chain with it can be fused (NBDF011).</summary>");
            writer.Line($"public const bool {ReopenFinder.Constant} = true;").Line();
        }
        writer.Line("/// <inheritdoc/>");
        writer.Line("public override global::NbdFast.Link Connect(");
        writer.Indented(indented => indented.Line(
            "in global::NbdFast.Chain.ChainNext next, global::NbdFast.Chain.LayerContext context) =>"));
        writer.Indented(indented => indented.Line(
            "new Connection<global::NbdFast.Chain.ChainNext>(this).Attach(next, context);"));
    }
}
