// From a class with [NbdPlugin] or [NbdFilter] to its model. Not: the checks (UnitChecks), its parameters
// (ParameterParser), code (Emit).

using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using NbdFast.Generators.Model;

namespace NbdFast.Generators.Parsing;

internal static class UnitParser
{
    public static ParsedUnit Parse(GeneratorAttributeSyntaxContext context, UnitKind kind, CancellationToken cancel)
    {
        var type = (INamedTypeSymbol)context.TargetSymbol;
        AttributeData attribute = context.Attributes[0];
        string name = TextArgument(attribute, 0);
        var identity = new UnitIdentity(kind, name, type.Name, LocationInfo.Of(context.TargetNode.GetLocation()));
        var diagnostics = new List<DiagnosticInfo>();

        UnitModel? model = null;
        if (UnitChecks.CheckClass(type, kind, diagnostics) && UnitChecks.CheckName(type, name, diagnostics))
        {
            cancel.ThrowIfCancellationRequested();
            model = ParseChecked(type, kind, attribute, context.SemanticModel.Compilation, diagnostics);
        }
        return new ParsedUnit(model, identity, EquatableArray<DiagnosticInfo>.From(diagnostics));
    }

    private static UnitModel? ParseChecked(
        INamedTypeSymbol type, UnitKind kind, AttributeData attribute, Compilation compilation,
        List<DiagnosticInfo> diagnostics)
    {
        INamedTypeSymbol? connection = kind == UnitKind.Plugin
            ? ConnectionFinder.OfPlugin(type)
            : ConnectionFinder.OfFilter(type);
        EquatableArray<ParameterModel> parameters = ParameterParser.ParseAll(type, compilation, diagnostics);
        if (kind == UnitKind.Filter && !UnitChecks.CheckFilterConnection(type, connection, diagnostics))
            return null;

        UnitModel model = new()
        {
            Kind = kind,
            Namespace = type.ContainingNamespace.IsGlobalNamespace ? "" : type.ContainingNamespace.ToDisplayString(),
            ClassName = type.Name,
            Name = TextArgument(attribute, 0),
            LongName = TextArgument(attribute, 1),
            Description = NamedArgument(attribute, "Description")?.Value as string,
            ThreadModel = EnumMember(NamedArgument(attribute, "ThreadModel")) ?? KnownNames.DefaultThreadModel,
            Latency = EnumMember(NamedArgument(attribute, "Latency")) ??
                (kind == UnitKind.Plugin ? KnownNames.DefaultPluginLatency : KnownNames.DefaultFilterLatency),
            Reopens = kind == UnitKind.Filter && ReopenFinder.Reopens(type, connection!),
            Overrides = OperationFinder.Find(connection!),
            Parameters = parameters,
            Callbacks = default,
        };
        UnitChecks.CheckOperations(type, connection!, model, diagnostics);
        return model with { Callbacks = CallbackFinder.Find(model, type, connection!) };
    }

    private static string TextArgument(AttributeData attribute, int index) =>
        index < attribute.ConstructorArguments.Length && attribute.ConstructorArguments[index].Value is string text
            ? text
            : "";

    private static TypedConstant? NamedArgument(AttributeData attribute, string name)
    {
        foreach (KeyValuePair<string, TypedConstant> argument in attribute.NamedArguments)
        {
            if (argument.Key == name)
                return argument.Value;
        }
        return null;
    }

    private static string? EnumMember(TypedConstant? constant) =>
        constant?.Type?.GetMembers().OfType<IFieldSymbol>()
            .FirstOrDefault(field => Equals(field.ConstantValue, constant.Value.Value))?.Name;
}
