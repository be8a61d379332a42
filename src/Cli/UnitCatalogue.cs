// Finds plugins and filters by the names on a command line. Not: making chains of them (Chain/ChainBuilder).

using System;
using System.Collections.Generic;
using NbdFast.Chain;
using NbdFast.Filters;
using NbdFast.Plugins;

namespace NbdFast.Cli;

/// <summary>The units that are built in, and those that a program brings along.</summary>
internal static class UnitCatalogue
{
    // More than two slips make another word.
    private const int MaximumSlips = 2;

    private static readonly List<UnitSet<Plugin>> Plugins = [PluginRegistry.All];

    private static readonly List<UnitSet<Filter>> Filters = [FilterRegistry.All];

    /// <summary>The names of the plugins, sorted.</summary>
    public static IReadOnlyList<string> PluginNames => Names(Plugins);

    /// <summary>The names of the filters, sorted.</summary>
    public static IReadOnlyList<string> FilterNames => Names(Filters);

    /// <summary>Chains that the program itself fused, or null.</summary>
    public static FusedConnector? FusedChains { get; set; }

    /// <summary>Adds the units of a program: they come before those that are there.</summary>
    public static void Add(ReadOnlySpan<UnitSet> units)
    {
        int plugins = 0, filters = 0;
        foreach (UnitSet set in units)
            switch (set)
            {
                case UnitSet<Plugin> some: Plugins.Insert(plugins++, some); break;
                case UnitSet<Filter> some: Filters.Insert(filters++, some); break;
                default: throw new ArgumentException($"neither plugins nor filters: {set}", nameof(units));
            }
    }

    /// <summary>Makes a plugin.</summary>
    /// <exception cref="UsageException">There is none of that name.</exception>
    public static Plugin MakePlugin(string name) =>
        First(Plugins, "plugin", name, (set, found) => set.Create(found)) ?? throw UnknownPlugin(name);

    /// <summary>Makes a filter.</summary>
    /// <exception cref="UsageException">There is none of that name.</exception>
    public static Filter MakeFilter(string name) =>
        First(Filters, "filter", name, (set, found) => set.Create(found)) ?? throw UnknownFilter(name);

    /// <summary>What is known of a plugin.</summary>
    /// <exception cref="UsageException">There is none of that name.</exception>
    public static UnitTable FindPlugin(string name) =>
        First(Plugins, "plugin", name, (set, found) => set.Find(found)) ?? throw UnknownPlugin(name);

    /// <summary>What is known of a filter.</summary>
    /// <exception cref="UsageException">There is none of that name.</exception>
    public static UnitTable FindFilter(string name) =>
        First(Filters, "filter", name, (set, found) => set.Find(found)) ?? throw UnknownFilter(name);

    /// <summary>Makes a filter's connection over the concrete type of the layers below, if they were fused.</summary>
    public static Link? ConnectFused(Filter filter, in ChainNext next, LayerContext context) =>
        FusedChainRegistry.Connect(filter, in next, context) ?? FusedChains?.Invoke(filter, in next, context);

    /// <summary>Why a unit cannot be opened: one line, with what to write instead if that can be guessed.</summary>
    /// <param name="kind">"plugin" or "filter".</param>
    /// <param name="name">As the user wrote it.</param>
    /// <param name="names">Those that there are.</param>
    internal static string Explain(string kind, string name, IReadOnlyList<string> names)
    {
        string problem = $"cannot open {kind} '{name}': ";
        // nbdkit takes a name with a slash or a period in it for a file.
        if (name.AsSpan().IndexOfAny('/', '.') >= 0)
            return problem + (BuiltInNameOf(kind, name, names) is { } builtIn
                ? $"nbdfast does not load .so files, but has this {kind} built in: write '{builtIn}'"
                : $"nbdfast does not load .so files yet; the {kind}s that are built in: {string.Join(' ', names)}");
        return problem + (Nearest(name, names) is { } nearest
            ? $"there is no such {kind}; did you mean '{nearest}'?"
            : $"there is no such {kind}; those that are built in: {string.Join(' ', names)}");
    }

    private static List<string> Names<TUnit>(List<UnitSet<TUnit>> sets) where TUnit : class
    {
        SortedSet<string> names = new(StringComparer.Ordinal);
        foreach (UnitSet set in sets)
            names.UnionWith(set.Names);
        return [.. names];
    }

    private static TFound? First<TUnit, TFound>(
        List<UnitSet<TUnit>> sets, string kind, string name, Func<UnitSet<TUnit>, string, TFound?> look)
        where TUnit : class where TFound : class
    {
        string unit = Installation.NameOf(kind, name);
        foreach (UnitSet<TUnit> set in sets)
            if (look(set, unit) is { } found)
                return found;
        return null;
    }

    // From ".../nbdkit-NAME-plugin.so" to NAME, if that is one of ours.
    private static string? BuiltInNameOf(string kind, string path, IReadOnlyList<string> names)
    {
        string? name = Installation.NameInFile(kind, path);
        foreach (string known in names)
            if (known == name)
                return name;
        return null;
    }

    private static string? Nearest(string name, IReadOnlyList<string> names)
    {
        string? nearest = null;
        int fewest = Math.Min(MaximumSlips, name.Length / 2) + 1;
        foreach (string known in names)
            if (Slips(name, known) is var slips && slips < fewest)
                (nearest, fewest) = (known, slips);
        return nearest;
    }

    // The least number of letters to insert, drop or change (Levenshtein's distance), one row of the table at a time.
    private static int Slips(string from, string to)
    {
        Span<int> row = stackalloc int[to.Length + 1];
        for (int i = 0; i < row.Length; i++)
            row[i] = i;
        for (int i = 1; i <= from.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.Length; j++)
            {
                int changed = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(changed, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }

    // Such messages do not go to the log, whatever --log says. After an unknown plugin nbdkit adds where to look; after
    // an unknown filter it does not.
    private static UsageException UnknownPlugin(string name) =>
        new($"error: {Explain("plugin", name, PluginNames)}\n{Help.Pointer}");

    private static UsageException UnknownFilter(string name) =>
        new("error: " + Explain("filter", name, FilterNames));
}
