// The filters under random operations: those that keep what is written readable. Not: the plugins below them
// (PluginCases).

using System;
using System.Collections.Generic;
using System.Linq;
using NbdFast.Filters;
using NbdFast.Testing;

namespace NbdFast.Property;

/// <summary>A filter with parameters that suit a disk.</summary>
/// <param name="Filter">The filter.</param>
/// <param name="Parameters">Its parameters.</param>
/// <param name="Text">For messages.</param>
/// <param name="IsPicky">It refuses disks that lack what it was told to use.</param>
internal sealed record FilterCase(
    Filter Filter, (string Key, string Value)[] Parameters, string Text, bool IsPicky = false);

/// <summary>Makes filters. A new one joins by one line in <see cref="Parameters"/>, or with the reason why it cannot in
/// <see cref="Exempt"/>.</summary>
internal static class FilterCases
{
    private const int Most = 5;

    private static readonly string[] Fakes = ["first", "second"];

    /// <summary>The filters of the product that do not give back what was written, and why.</summary>
    public static IReadOnlyDictionary<string, string> Exempt { get; } = new Dictionary<string, string>
    {
        ["error"] = "answers with errors on purpose",
    };

    /// <summary>Whether a filter of the product takes part.</summary>
    public static bool Has(string name) => Parameters(name, new Random(0), 65536, "/") != null;

    /// <summary>Some filters, none twice, outermost first.</summary>
    public static List<FilterCase> Some(Random random, int diskSize, TempFolder folder)
    {
        string[] names = [.. FilterRegistry.Names.Where(Has), .. Fakes];
        random.Shuffle(names);
        return [.. names.Take(random.Next(Most + 1)).Select(name => Make(name, random, diskSize, folder.Path))];
    }

    private static FilterCase Make(string name, Random random, int diskSize, string folder)
    {
        if (Fakes.Contains(name))
            return PassThrough(name, random);
        (string Key, string Value)[] parameters = Parameters(name, random, diskSize, folder)!;
        string text = string.Join(' ', [name, .. parameters.Select(pair => $"{pair.Key}={pair.Value}")]);
        return new FilterCase(FilterRegistry.Create(name)!, parameters, text, IsPicky: name is "fua" or "nozero");
    }

    private static (string Key, string Value)[]? Parameters(string name, Random random, int diskSize, string folder) =>
        name switch
        {
            "cow" => [
                ("cow-block-size", One(random, "4096", "64K")), ("cow-on-read", One(random, "false", "true")),
                ("cow-on-cache", One(random, "false", "true"))],
            "delay" => [("delay-write", One(random, "0", "10us"))],
            "fua" => [("fuamode", One(random, "none", "emulate", "native", "force", "pass"))],
            "log" => [("logfile", System.IO.Path.Combine(folder, "log"))],
            "noextents" => [],
            "nozero" => [
                ("zeromode", One(random, "none", "emulate", "notrim", "plugin")),
                ("fastzeromode", One(random, "default", "none", "slow", "ignore"))],
            "offset" => [("offset", $"{random.Next(diskSize / 4)}"), ("range", $"{1 + random.Next(diskSize / 2)}")],
            "readonly" => [("readonly-file", System.IO.Path.Combine(folder, "absent"))],
            _ => null,
        };

    private static string One(Random random, params string[] choices) => choices[random.Next(choices.Length)];

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
