// The rule that a name stands for one unit of its kind: NBDF003. Not: rules about one unit (UnitChecks).

using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using NbdFast.Generators.Model;
using NbdFast.Generators.Rules;

namespace NbdFast.Generators.Parsing;

internal static class NameConflicts
{
    /// <summary>One diagnostic for each unit whose name an earlier one, by class name, has.</summary>
    public static EquatableArray<DiagnosticInfo> Find(ImmutableArray<UnitIdentity> units)
    {
        var diagnostics = new List<DiagnosticInfo>();
        foreach (IGrouping<string, UnitIdentity> claims in units.GroupBy(unit => unit.Name))
        {
            UnitIdentity[] ordered = claims.OrderBy(claim => claim.ClassName, System.StringComparer.Ordinal).ToArray();
            diagnostics.AddRange(ordered.Skip(1).Select(claim => DiagnosticInfo.Of(
                Descriptors.UnitNameTaken, claim.Location, claim.Name, ordered[0].ClassName)));
        }
        return EquatableArray<DiagnosticInfo>.From(diagnostics);
    }
}
