// The whole benchmark, once, in small. Not: its figures, which no test can know.

using System.IO;
using System.Linq;
using System.Text.Json;
using NbdFast.Bench.EndToEnd.Load;
using NbdFast.Bench.EndToEnd.Rows;
using NbdFast.Testing;

namespace NbdFast.EndToEnd.Tests;

public sealed class CommandTests
{
    [SkippableFact]
    public void A_short_run_measures_both_servers_and_writes_what_it_found()
    {
        Requires.Tools("nbdkit");
        using TempFolder folder = new();
        string program = typeof(LoadRun).Assembly.Location;
        ShellCommand.Run(
            $"dotnet {program} --quick --rows memory-4k-read-qd16x4,start --seconds 0.2 --rounds 2 --disk 16 --verify "
            + $"--nbdfast {NativeBinary.Path} --only nbdfast,nbdkit --results {folder.Path}").Succeeded();

        string file = Assert.Single(Directory.GetFiles(folder.Path, "results.json", SearchOption.AllDirectories));
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(file));
        JsonElement[] rows = [.. json.RootElement.GetProperty("rows").EnumerateArray()];
        Assert.Equal(["memory-4k-read-qd16x4", "start"], rows.Select(row => row.GetProperty("id").GetString()));
        JsonElement[] cells = [.. rows[0].GetProperty("cells").EnumerateArray()];
        Assert.Equal(["nbdfast", "nbdkit"], cells.Select(cell => cell.GetProperty("server").GetString()));
        foreach (JsonElement cell in cells)
        {
            Assert.False(cell.TryGetProperty("failure", out JsonElement failure), failure.ToString());
            Assert.Equal(2, cell.GetProperty("rounds").GetArrayLength());
            JsonElement median = cell.GetProperty("median");
            foreach (Metric metric in (Metric[])[Metric.Requests, Metric.P50, Metric.ServerPerRequest, Metric.Memory])
                Assert.True(median.GetProperty(metric.ToString()).GetDouble() > 0, $"{metric}: {median}");
        }

        string page = File.ReadAllText(Path.ChangeExtension(file, "md"));
        Assert.Contains("| memory-4k-read-qd16x4 | nbdkit ", page, System.StringComparison.Ordinal);
    }

    [SkippableFact]
    public void A_short_run_reads_what_is_not_in_the_page_cache_and_it_is_right()
    {
        Requires.Tools("nbdkit");
        const string DiskFolder = "/var/tmp";
        string format = new DriveInfo(DiskFolder).DriveFormat;
        Skip.If(format is "tmpfs" or "ramfs", $"files in {DiskFolder} are kept in memory here");
        using TempFolder folder = new();
        string program = typeof(LoadRun).Assembly.Location;
        ShellCommand.Run(
            $"dotnet {program} --rows cold-file-4k-read-qd1 --seconds 0.2 --rounds 1 --cold-disk 128 --verify "
            + $"--nbdfast {NativeBinary.Path} --only nbdfast,nbdkit --results {folder.Path}").Succeeded();

        string file = Assert.Single(Directory.GetFiles(folder.Path, "results.json", SearchOption.AllDirectories));
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(file));
        JsonElement row = Assert.Single(json.RootElement.GetProperty("rows").EnumerateArray());
        foreach (JsonElement cell in row.GetProperty("cells").EnumerateArray())
        {
            Assert.False(cell.TryGetProperty("failure", out JsonElement failure), failure.ToString());
            Assert.True(cell.GetProperty("median").GetProperty(nameof(Metric.Requests)).GetDouble() > 0);
        }
    }

    [Fact]
    public void Rows_have_different_names_and_a_quick_run_has_a_few_of_them()
    {
        Assert.Equal(RowTable.All.Count, RowTable.All.Select(row => row.Id).Distinct().Count());
        Assert.InRange(RowTable.All.Count(row => row.IsQuick), 5, RowTable.All.Count / 2);
    }

    [Fact]
    public void The_load_is_the_same_after_a_command_line()
    {
        LoadOptions load = new()
        {
            Socket = "/a b",
            Port = 1,
            Export = "x=y",
            DiskBytes = 1L << 40,
            Write = true,
            BlockBytes = 3,
            Depth = 4,
            Connections = 5,
            Sequential = true,
            Once = true,
            Seed = 6,
            WarmUpSeconds = 0.25,
            WindowSeconds = 1.5,
            Server = 7,
            Fill = true,
            Verify = true,
            Zeros = true,
        };
        Assert.Equal(load, LoadOptions.Parse(load.ToArguments()));
    }
}
