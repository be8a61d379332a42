// The filters under random operations: those that keep what is written readable. Not: the plugins below them
// (PluginCases).

using System;
using System.Collections.Generic;
using NbdFast.Testing;

namespace NbdFast.Property;

/// <summary>A filter with parameters that suit a disk.</summary>
/// <param name="Filter">The filter.</param>
/// <param name="Parameters">Its parameters.</param>
/// <param name="Text">For messages.</param>
internal sealed record FilterCase(Filter Filter, (string Key, string Value)[] Parameters, string Text);

/// <summary>Makes filters. A new one joins by one line in the table.</summary>
internal static class FilterCases
{
    private static readonly Func<Random, int, FilterCase>[] Table =
    [
        (random, _) => PassThrough("first", random),
        (random, _) => PassThrough("second", random),
    ];

    /// <summary>Some filters, none twice, outermost first.</summary>
    public static List<FilterCase> Some(Random random, int diskSize)
    {
        Func<Random, int, FilterCase>[] shuffled = [.. Table];
        random.Shuffle(shuffled);
        var chosen = new List<FilterCase>();
        foreach (Func<Random, int, FilterCase> make in shuffled.AsSpan(0, random.Next(Math.Min(5, Table.Length) + 1)))
            chosen.Add(make(random, diskSize));
        return chosen;
    }

    // Overrides any operations, and may hide what lies below, so that the chain must make up for it.
    private static FilterCase PassThrough(string name, Random random)
    {
        var overridden = (Operations)random.Next((int)Operations.All + 1);
        int hidden = random.Next(16);
        var filter = new FakeFilter(name, overridden) { Describing = Hide };
        return new FilterCase(filter, [], $"{name}({overridden}, hides {hidden})");

        void Hide(ref ExportInfo info)
        {
            if ((hidden & 1) != 0)
                info.Zero = ZeroSupport.Emulate;
            if ((hidden & 2) != 0)
                info.CanExtents = false;
            if ((hidden & 4) != 0)
                info.Cache = CacheSupport.Emulate;
            if ((hidden & 8) != 0)
                info.CanTrim = false;
        }
    }
}
