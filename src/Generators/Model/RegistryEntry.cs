// What the registry of an assembly needs to know of a unit. Not: the rest of it (UnitModel).

namespace NbdFast.Generators.Model;

/// <summary>One arm of the registry's switch.</summary>
internal sealed record RegistryEntry(string Name, string QualifiedName);
