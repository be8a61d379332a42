// The stages of a run, one for each size of disks. Not: what is on them (Stage).

using System;
using System.IO;
using NbdFast.Bench.EndToEnd.Rows;

namespace NbdFast.Bench.EndToEnd.Servers;

/// <summary>Folders that are gone afterwards.</summary>
/// <param name="folder">Where they are made, and how their names begin.</param>
/// <param name="options">The sizes of the disks.</param>
/// <param name="source">The server of zeros that copies come from.</param>
internal sealed class Stages(string folder, BenchOptions options, Peer source) : IDisposable
{
    private readonly Stage _short = Of(folder, options.DiskMiB, source);
    private readonly Stage _long = Of(folder + "l", options.LongDiskMiB, source);
    private readonly Stage _cold = Of(folder + "c", options.ColdDiskMiB, source);

    /// <summary>The one with disks that are long enough for a row.</summary>
    public Stage For(Row row) => row.Disk switch
    {
        DiskLength.Long => _long,
        DiskLength.Cold => _cold,
        _ => _short,
    };

    /// <inheritdoc/>
    public void Dispose()
    {
        _short.Dispose();
        _long.Dispose();
        _cold.Dispose();
    }

    private static Stage Of(string folder, int mebibytes, Peer source) =>
        new(Path.GetFullPath(folder), (long)mebibytes << 20) { Source = source };
}
