// The command line of the benchmark. Not: that of the load client (LoadOptions).

using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO.Enumeration;
using System.Linq;
using NbdFast.Bench.EndToEnd.Rows;

namespace NbdFast.Bench.EndToEnd;

/// <summary>What to measure and where to write.</summary>
internal sealed class BenchOptions
{
    /// <summary>How to call it.</summary>
    public const string Usage =
        "run.sh [--quick] [--rows PATTERN[,PATTERN...]] [--rounds N] [--seconds S] [--peer NAME=[KIND:]PATH]...\n"
        + "       [--nbdfast PATH]... [--only NAME[,NAME...]] [--disk MIB] [--long-disk MIB] [--cold-disk MIB]\n"
        + "       [--verify] [--name NAME] [--results FOLDER] [--list]";

    private const double FullSeconds = 0.8;
    private const double QuickSeconds = 0.4;

    /// <summary>Few rows and short windows.</summary>
    public bool Quick { get; private set; }

    /// <summary>Only tell the rows.</summary>
    public bool List { get; private set; }

    /// <summary>Check all data.</summary>
    public bool Verify { get; private set; }

    /// <summary>Patterns of rows, empty for all (of a quick run: the quick ones).</summary>
    public IReadOnlyList<string> Patterns { get; private set; } = [];

    /// <summary>The names of the servers that take part, empty for all.</summary>
    public IReadOnlyList<string> Only { get; private set; } = [];

    /// <summary>Further servers.</summary>
    public List<(string Name, string Place)> Peers { get; } = [];

    /// <summary>Builds of nbdfast.</summary>
    public List<string> NbdFasts { get; } = [];

    /// <summary>How often each cell is measured.</summary>
    public int Rounds { get => field > 0 ? field : Quick ? 3 : 6; private set; }

    /// <summary>Seconds of a window.</summary>
    public double Seconds { get => field > 0 ? field : Quick ? QuickSeconds : FullSeconds; private set; }

    /// <summary>The size of the disks in MiB.</summary>
    public int DiskMiB { get; private set; } = 64;

    /// <summary>The size in MiB of those that are copied whole, which must take long beside a client's
    /// start.</summary>
    public int LongDiskMiB { get; private set; } = 1024;

    /// <summary>The size in MiB of those that are not in the page cache, of which each block is read once.</summary>
    public int ColdDiskMiB { get; private set; } = 4096;

    /// <summary>The last part of the results' folder.</summary>
    public string Name { get => field.Length > 0 ? field : Quick ? "quick" : "full"; private set; } = "";

    /// <summary>The folder of all results.</summary>
    public string Results { get; private set; } = "bench/Results";

    /// <summary>How long cells may begin: a quick run is to end within two minutes on any machine.</summary>
    public TimeSpan Limit => Quick ? TimeSpan.FromSeconds(105) : TimeSpan.MaxValue;

    /// <summary>Seconds before the window.</summary>
    public double WarmUpSeconds => Math.Min(0.25, Seconds / 2);

    /// <summary>Reads the command line.</summary>
    /// <exception cref="FormatException">It cannot be understood.</exception>
    public static BenchOptions Parse(IEnumerable<string> arguments)
    {
        BenchOptions options = new();
        Queue<string> left = new(arguments);
        while (left.TryDequeue(out string? argument))
        {
            int equals = argument.StartsWith("--", StringComparison.Ordinal)
                ? argument.IndexOf('=', StringComparison.Ordinal)
                : -1;
            string name = equals < 0 ? argument : argument[..equals];
            if (!options.SetFlag(name))
                options.Set(name, equals < 0 ? Value(name, left) : argument[(equals + 1)..]);
        }

        return options;
    }

    /// <summary>Whether a row is wanted.</summary>
    public bool Wants(Row row) =>
        Patterns.Count == 0 ? row.IsQuick || !Quick : Patterns.Any(pattern => Matches(pattern, row.Id));

    private static bool Matches(string pattern, string id) =>
        FileSystemName.MatchesSimpleExpression(pattern, id, ignoreCase: false);

    private static string Value(string name, Queue<string> left) =>
        left.TryDequeue(out string? value) ? value : throw new FormatException($"{name} needs a value\n{Usage}");

    private bool SetFlag(string name)
    {
        switch (name)
        {
            case "--quick": return Quick = true;
            case "--verify": return Verify = true;
            case "--list": return List = true;
            default: return false;
        }
    }

    private void Set(string name, string value)
    {
        switch (name)
        {
            case "--rows": Patterns = value.Split(','); break;
            case "--only": Only = value.Split(','); break;
            case "--rounds": Rounds = (int)Positive(name, value); break;
            case "--seconds": Seconds = Positive(name, value); break;
            case "--disk": DiskMiB = (int)Positive(name, value); break;
            case "--long-disk": LongDiskMiB = (int)Positive(name, value); break;
            case "--nbdfast": NbdFasts.Add(value); break;
            case "--cold-disk": ColdDiskMiB = (int)Positive(name, value); break;
            case "--name": Name = value; break;
            case "--results": Results = value; break;
            case "--peer" when value.Split('=', 2) is [{ Length: > 0 } peer, { Length: > 0 } place]:
                Peers.Add((peer, place));
                break;
            default: throw new FormatException($"cannot understand {name} {value}\n{Usage}");
        }
    }

    private static double Positive(string name, string value) =>
        double.TryParse(value, CultureInfo.InvariantCulture, out double number) && number > 0
            ? number
            : throw new FormatException($"{name} needs a number greater than 0, not {value}");
}
