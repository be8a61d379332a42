// Runs micro benchmarks and stores their tables. Not: what is measured (the benchmarks), where results go (run.sh).

using System;
using System.IO;
using System.Linq;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;

namespace NbdFast.Bench.Micro;

internal static class Program
{
    private const int WarmUps = 3;
    private const int Iterations = 7;
    private const int IterationMs = 100;

    private static int Main(string[] arguments)
    {
        switch (arguments)
        {
            case ["show", .. string[] filters]:
                return Run(filters) != null ? 0 : 1;
            case ["store", string folder]:
                OtherLoad load = OtherLoad.Begin();
                return Store(Run(["*"]), folder, load) ? 0 : 1;
            default:
                Console.Error.WriteLine("usage: show FILTER... | store FOLDER");
                return 2;
        }
    }

    // Null after a failure.
    private static Summary[]? Run(string[] filters)
    {
        // In this process: no project is generated, restored and built for it, and the settings of bench hold.
        // Short: a question about nanoseconds is answered by a run of seconds or not at all.
        Job job = Job.Default
            .WithToolchain(new InProcessEmitToolchain(TimeSpan.FromMinutes(2), logOutput: false))
            .WithWarmupCount(WarmUps)
            .WithIterationCount(Iterations)
            .WithIterationTime(TimeInterval.FromMilliseconds(IterationMs))
            .WithId("Short");
        IConfig config = ManualConfig.Create(DefaultConfig.Instance)
            .AddJob(job)
            .WithArtifactsPath(Path.Combine("artifacts", "bench"))
            .HideColumns("Error", "Job", "Toolchain", "IterationTime", "IterationCount", "WarmupCount",
                "InvocationCount", "UnrollFactor", "RatioSD", "Alloc Ratio");
        Summary[] summaries =
            [.. BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(["--filter", .. filters], config)];
        bool allRan = summaries.Length > 0
            && Array.TrueForAll(summaries, summary =>
                !summary.HasCriticalValidationErrors
                && Array.TrueForAll([.. summary.Reports], report => report.Success));
        return allRan ? summaries : null;
    }

    private static bool Store(Summary[]? summaries, string folder, OtherLoad load)
    {
        string told = load.Tell();
        foreach (Summary summary in summaries ?? [])
        {
            Type bench = summary.BenchmarksCases[0].Descriptor.Type;
            string report = Path.Combine(summary.ResultsDirectoryPath, $"{bench.FullName}-report-github.md");
            string[] lines = [.. File.ReadLines(report).Select(line => line.TrimEnd())];
            File.WriteAllLines(Path.Combine(folder, $"{bench.Name}.md"), [$"# {bench.Name}", "", told, .. lines]);
        }

        return summaries != null;
    }
}
