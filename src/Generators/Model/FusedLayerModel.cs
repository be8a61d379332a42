// One unit of a fused chain: what the fused code must know of it. Not: the unit's own generated code (UnitModel).

namespace NbdFast.Generators.Model;

/// <summary>A layer of a chain that is fused.</summary>
/// <param name="Name">The unit's name.</param>
/// <param name="UnitType">The filter's or plugin's class, fully qualified.</param>
/// <param name="ConnectionType">The class of the plugin's connection, or of the filter's without its type
/// argument.</param>
/// <param name="Operations">The operations overridden in the sync twin: the ones that are called directly.</param>
internal sealed record FusedLayerModel(
    string Name, string UnitType, string ConnectionType, EquatableArray<string> Operations);
