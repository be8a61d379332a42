// Puts a unit's generated file together. Not: its parts (the other emitters).

using Microsoft.CodeAnalysis.Text;
using NbdFast.Generators.Model;

namespace NbdFast.Generators.Emit;

internal static class UnitEmitter
{
    public static SourceText Emit(UnitModel unit)
    {
        string kind = unit.Kind == UnitKind.Plugin ? "plugin" : "filter";
        var writer = new SourceWriter();
        writer.Header($"The {kind} \"{unit.Name}\" as declared by the class {unit.ClassName}.");
        if (unit.Namespace.Length > 0)
            writer.Line($"namespace {unit.Namespace};").Line();
        writer.Open($"partial class {unit.ClassName}");
        TableEmitter.Emit(writer, unit);
        writer.Line();
        BinderEmitter.Emit(writer, unit);
        if (unit.Kind == UnitKind.Filter)
        {
            writer.Line();
            ConnectEmitter.Emit(writer, unit);
        }
        return writer.Close().ToSourceText();
    }
}
