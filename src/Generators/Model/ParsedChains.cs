// What parsing the chain declarations of one file gave. Not: kept beyond the pipeline's first step.

namespace NbdFast.Generators.Model;

/// <summary>The chains that can be fused, and the reasons why others cannot.</summary>
internal sealed record ParsedChains(
    EquatableArray<FusedChainModel> Chains, EquatableArray<DiagnosticInfo> Diagnostics);
