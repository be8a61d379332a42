// What parsing one class gave: the model, or the reasons why there is none. Not: kept beyond the pipeline's first step.

namespace NbdFast.Generators.Model;

/// <summary>The outcome of parsing; without a model no code is generated for the class.</summary>
internal sealed record ParsedUnit(
    UnitModel? Model, UnitIdentity Identity, EquatableArray<DiagnosticInfo> Diagnostics);
