// A chain to be fused. Not: where it was declared.

namespace NbdFast.Generators.Model;

/// <summary>The layers from the outermost filter to the plugin, two at least.</summary>
internal sealed record FusedChainModel(EquatableArray<FusedLayerModel> Layers);
