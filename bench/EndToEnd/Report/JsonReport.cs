// The results as data: every sample of every round, besides medians and ratios. Not: for reading (MarkdownReport).

using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using System.Text.Json;
using NbdFast.Bench.EndToEnd.Rows;
using NbdFast.Bench.EndToEnd.Servers;

namespace NbdFast.Bench.EndToEnd.Report;

/// <summary>Writes <c>results.json</c>.</summary>
internal static class JsonReport
{
    /// <summary>The whole file.</summary>
    public static string Write(Outcome outcome, Surroundings surroundings)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            WriteSurroundings(json, surroundings);
            json.WriteStartArray("servers");
            foreach (Peer peer in outcome.Peers)
                WritePeer(json, peer);
            json.WriteEndArray();
            json.WriteStartArray("rows");
            foreach (Row row in outcome.Rows)
                WriteRow(json, outcome, row);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }

    private static void WriteSurroundings(Utf8JsonWriter json, Surroundings surroundings)
    {
        json.WriteString("command", surroundings.Command);
        json.WriteString("started", surroundings.Started.ToString("u"));
        json.WriteString("processor", surroundings.Processor);
        json.WriteNumber("cores", surroundings.Cores);
        json.WriteNumber("memoryMiB", surroundings.MemoryMiB);
        json.WriteString("kernel", surroundings.Kernel);
        json.WriteString("fileSystem", surroundings.FileSystem);
        json.WriteNumber("rounds", surroundings.Rounds);
        json.WriteNumber("seconds", surroundings.Seconds);
    }

    private static void WritePeer(Utf8JsonWriter json, Peer peer)
    {
        json.WriteStartObject();
        json.WriteString("name", peer.Name);
        json.WriteString("kind", peer.Kind.ToString());
        json.WriteString("version", peer.Version);
        json.WriteEndObject();
    }

    private static void WriteRow(Utf8JsonWriter json, Outcome outcome, Row row)
    {
        json.WriteStartObject();
        json.WriteString("id", row.Id);
        json.WriteStartArray("goals");
        foreach (Goal goal in row.Goals)
        {
            double ratio = outcome.Ratio(row, goal);
            json.WriteStartObject();
            json.WriteString("metric", goal.Metric.ToString());
            json.WriteNumber(goal.AtLeast ? "atLeast" : "atMost", goal.Bound);
            WriteNumber(json, "reached", ratio);
            json.WriteBoolean("met", goal.IsMetBy(ratio));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("cells");
        foreach (Peer peer in outcome.Peers)
            WriteCell(json, outcome, row, peer);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteCell(Utf8JsonWriter json, Outcome outcome, Row row, Peer peer)
    {
        IReadOnlyList<Sample> samples = outcome.Samples(row.Id, peer.Name);
        if (samples.Count == 0)
            return;
        json.WriteStartObject();
        json.WriteString("server", peer.Name);
        if (outcome.Failure(row.Id, peer.Name) is { } failure)
            json.WriteString("failure", failure);
        WriteFigures(json, "median", metric => outcome.Median(row.Id, peer.Name, metric));
        WriteFigures(json, "ratio", metric => outcome.Ratio(row.Id, peer.Name, metric));
        json.WriteStartArray("rounds");
        foreach (Sample sample in samples)
            WriteFigures(json, null, metric => sample[metric]);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteFigures(Utf8JsonWriter json, string? name, Func<Metric, double> figure)
    {
        if (name == null)
            json.WriteStartObject();
        else
            json.WriteStartObject(name);
        foreach (Metric metric in Enum.GetValues<Metric>())
            if (double.IsFinite(figure(metric)))
                json.WriteNumber(metric.ToString(), figure(metric));
        json.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value))
            json.WriteNumber(name, value);
        else
            json.WriteNull(name);
    }
}
