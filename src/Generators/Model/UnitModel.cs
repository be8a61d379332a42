// What the generator knows of one plugin or filter: all that its generated code depends on. Not: places in the source,
// for these change with every line that is typed above.

namespace NbdFast.Generators.Model;

/// <summary>A class with <c>[NbdPlugin]</c> or <c>[NbdFilter]</c>.</summary>
internal sealed record UnitModel
{
    public required UnitKind Kind { get; init; }

    public required string Namespace { get; init; }

    public required string ClassName { get; init; }

    public required string Name { get; init; }

    public required string LongName { get; init; }

    public required string? Description { get; init; }

    /// <summary>A member of <c>NbdFast.ThreadModel</c>.</summary>
    public required string ThreadModel { get; init; }

    /// <summary>A member of <c>NbdFast.Latency</c>.</summary>
    public required string Latency { get; init; }

    /// <summary>The filter's connection replaces the layers below it, so that it cannot be fused.</summary>
    public required bool Reopens { get; init; }

    public required EquatableArray<OverrideModel> Overrides { get; init; }

    public required EquatableArray<ParameterModel> Parameters { get; init; }

    public required EquatableArray<CallbackModel> Callbacks { get; init; }

    /// <summary>The class with its namespace, as written in generated code.</summary>
    public string QualifiedName => Namespace.Length == 0 ? "global::" + ClassName : $"global::{Namespace}.{ClassName}";

    /// <summary>The name of the generated file, without folder.</summary>
    public string FileName => Namespace.Length == 0 ? $"{ClassName}.g.cs" : $"{Namespace}.{ClassName}.g.cs";
}
