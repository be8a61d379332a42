// A diagnostic on its way through the incremental pipeline. Not: its text (Rules/Descriptors).

using System.Linq;
using Microsoft.CodeAnalysis;
using NbdFast.Generators.Rules;

namespace NbdFast.Generators.Model;

/// <summary>A diagnostic, compared by value: the rule's number, the place, the message's arguments.</summary>
internal sealed record DiagnosticInfo(string Id, LocationInfo? Location, EquatableArray<string> Arguments)
{
    public static DiagnosticInfo Of(DiagnosticDescriptor rule, LocationInfo? location, params string[] arguments) =>
        new(rule.Id, location, EquatableArray<string>.From(arguments));

    public Diagnostic ToDiagnostic() =>
        Diagnostic.Create(
            Descriptors.Find(Id),
            Location?.ToLocation() ?? Microsoft.CodeAnalysis.Location.None,
            Arguments.ToArray<object>());
}
