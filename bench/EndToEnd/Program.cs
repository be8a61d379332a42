// The command of the benchmark, and the load client, which is the same program started again. Not: their work.

using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using NbdFast.Bench.EndToEnd.Load;
using NbdFast.Bench.EndToEnd.Report;
using NbdFast.Bench.EndToEnd.Rows;
using NbdFast.Bench.EndToEnd.Run;
using NbdFast.Bench.EndToEnd.Servers;

namespace NbdFast.Bench.EndToEnd;

internal static class Program
{
    /// <summary>The first argument that makes this the load client.</summary>
    public const string LoadCommand = "load";

    // Of a disk, not of memory: the file rows are about a real file system. Temporary folders may be a tmpfs.
    private const string DiskFolder = "/var/tmp";

    private static int Main(string[] arguments)
    {
        try
        {
            if (arguments is not [LoadCommand, .. string[] load])
                return Measure(BenchOptions.Parse(arguments), arguments);
            Console.WriteLine(LoadRun.Measure(LoadOptions.Parse(load)));
            return 0;
        }
        catch (Exception error) when (error is LoadException or FormatException or IOException)
        {
            Console.Error.WriteLine($"endtoend: {error.Message}");
            return 1;
        }
    }

    private static int Measure(BenchOptions options, string[] arguments)
    {
        IReadOnlyList<Row> rows = [.. RowTable.All.Where(options.Wants)];
        if (options.List)
        {
            Console.WriteLine(string.Join('\n', rows.Select(row => row.Id)));
            return 0;
        }

        if (rows.Count == 0)
            throw new FormatException("no row is called so; --list tells their names");
        string command = string.Join(' ', arguments.Prepend("bench/EndToEnd/run.sh"));
        IReadOnlyList<Peer> peers = Participants.Find(options);
        string folder = string.Create(CultureInfo.InvariantCulture, $"nbdbench.{Environment.ProcessId}");
        using Stages stages = new(Path.Combine(DiskFolder, folder), options, peers[0]);
        Outcome outcome = new(rows, peers);
        ResultFolder results = new(options, Surroundings.Of(options, command, DiskFolder));
        Timing timing = new(options.WarmUpSeconds, options.Seconds, options.Verify);
        Benchmark benchmark = new(outcome, stages, timing);
        // The first interrupt ends the run with what is measured, a second one ends the program.
        int interrupts = 0;
        Console.CancelKeyPress += (_, key) =>
        {
            key.Cancel = interrupts++ == 0;
            benchmark.Stop();
        };
        benchmark.Run(options.Rounds, options.Limit, () => results.Write(outcome));
        results.Draw(outcome);
        (int met, int all) = GoalTable.Count(outcome);
        Console.WriteLine(GoalTable.Write(outcome));
        Console.Write(MarkdownReport.Noise(outcome));
        Console.WriteLine($"{met} of {all} goals met; all figures: {Path.Combine(results.Path, "results.md")}");
        return 0;
    }
}
