// How a filter's connection is laid over the layers below it. Not: the fused form of the same (FusedChainEmitter).

namespace NbdFast.Generators.Emit;

internal static class ConnectEmitter
{
    public static void Emit(SourceWriter writer)
    {
        writer.Line("/// <inheritdoc/>");
        writer.Line("public override global::NbdFast.Link Connect(");
        writer.Indented(indented => indented.Line(
            "in global::NbdFast.Chain.ChainNext next, global::NbdFast.Chain.LayerContext context) =>"));
        writer.Indented(indented => indented.Line(
            "new Connection<global::NbdFast.Chain.ChainNext>(this).Attach(next, context);"));
    }
}
