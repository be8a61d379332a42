// A unit's name and where it is claimed, for the rule that names are unique. Not: part of the generated code's input.

namespace NbdFast.Generators.Model;

/// <summary>A claim to a name.</summary>
internal sealed record UnitIdentity(UnitKind Kind, string Name, string ClassName, LocationInfo? Location);
