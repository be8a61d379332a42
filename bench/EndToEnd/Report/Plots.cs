// The ratios as pictures, drawn by gnuplot. Not: the figures in them (Outcome).

using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using NbdFast.Bench.EndToEnd.Rows;
using NbdFast.Bench.EndToEnd.Servers;

namespace NbdFast.Bench.EndToEnd.Report;

/// <summary>SVG files beside the tables; without gnuplot there are none.</summary>
internal static class Plots
{
    /// <summary>Draws them.</summary>
    /// <param name="outcome">What was measured.</param>
    /// <param name="folder">Where the files go.</param>
    public static void Draw(Outcome outcome, string folder)
    {
        if (Tool.Find("gnuplot") == null)
        {
            Console.Error.WriteLine("endtoend: no plots without gnuplot");
            return;
        }

        Draw(outcome, folder, "speed", "times the speed of nbdkit (more is better)", outcome.Speed);
        Draw(outcome, folder, "cpu", "server CPU beside nbdkit's (less is better)", outcome.Cost);
        Draw(
            outcome, folder, "latency-p99", "99th percentile of latency beside nbdkit's (less is better)",
            (row, peer) => outcome.Ratio(row, peer, Metric.P99));
    }

    /// <summary>The script of one plot: a group of bars for each row that has a ratio, on a logarithmic axis.</summary>
    /// <returns>Null if there is nothing to draw.</returns>
    public static string? Script(Outcome outcome, string file, string title, Func<string, string, double> ratio)
    {
        Peer[] peers = [.. outcome.Peers.Where(peer => peer.Name != Peer.Baseline)];
        string[] rows = [.. outcome.Rows.Select(row => row.Id)
            .Where(row => peers.Any(peer => double.IsFinite(ratio(row, peer.Name))))];
        if (rows.Length == 0)
            return null;
        StringBuilder script = new();
        script.Append("$data << END\n");
        foreach (string row in rows)
            script.Append(Quoted(row)).Append(' ').AppendJoin(' ', peers.Select(peer => Text(ratio(row, peer.Name))))
                .Append('\n');
        script.Append("END\n");
        script.Append($"set terminal svg size {200 + (45 * rows.Length)},600 noenhanced background 'white'\n");
        script.Append($"set output {Quoted(file)}\nset title {Quoted(title)}\nset logscale y 2\n");
        script.Append("set style data histograms\nset style histogram clustered gap 1\nset style fill solid 0.8\n");
        script.Append("set xtics rotate by -50\nset grid ytics\nset key top left\nset datafile missing 'NaN'\n");
        // nbdkit itself.
        script.Append("set arrow from graph 0, first 1 to graph 1, first 1 nohead linewidth 2 front\n");
        IEnumerable<string> columns = peers.Select(
            (peer, i) => $"$data using {i + 2}:xtic(1) title {Quoted(peer.Name)}");
        return script.Append("plot ").AppendJoin(", ", columns).Append('\n').ToString();
    }

    private static void Draw(
        Outcome outcome, string folder, string name, string title, Func<string, string, double> ratio)
    {
        string? script = Script(outcome, Path.Combine(folder, name + ".svg"), title, ratio);
        if (script == null)
            return;
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, script);
            _ = Tool.Succeed("gnuplot", [file]);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static string Quoted(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    private static string Text(double value) => value.ToString("G5", CultureInfo.InvariantCulture);
}
