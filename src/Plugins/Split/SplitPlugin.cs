// The split plugin: its parameters and opening the files. Not: requests to them (RegionDisk, FileConnection).

using System.Collections.Generic;
using System.Linq;
using NbdFast.Native;
using NbdFast.Plugins.Shared.Files;
using NbdFast.Plugins.Shared.Regions;
using NbdFast.Values;

namespace NbdFast.Plugins.Split;

/// <summary>Serves files side by side as one disk.</summary>
[NbdPlugin("split", "nbdkit split plugin", Description = "Serve several files as one disk, one behind the other.",
    ThreadModel = ThreadModel.Parallel, Latency = Latency.MayBlock)]
public sealed partial class SplitPlugin : Plugin
{
    private FileChanges[] _changes = [];

    /// <summary>The files, in their order on the disk.</summary>
    [NbdParameter("file", Magic = true, Required = true, ValueName = "FILENAME", Help = "File(s) to serve.")]
    public List<RealPath> Files { get; } = [];

    /// <inheritdoc/>
    public override void ConfigComplete()
    {
        foreach (string path in Files)
            OpenFile.CheckKind(path);
        _changes = [.. Files.Select(_ => new FileChanges())];
    }

    /// <inheritdoc/>
    // Only now, for the server may have become another user.
    public override void AfterFork()
    {
        foreach (string path in Files)
            OpenFile.CheckAccess(path);
    }

    /// <inheritdoc/>
    public override RegionDisk? Open(OpenRequest request)
    {
        RegionList regions = new();
        foreach ((string path, FileChanges changes) in Files.Select(file => (string)file).Zip(_changes))
        {
            request.Error = OpenFile.Open(Libc.CurrentDirectory, path, request.ReadOnly, out OpenFile? file);
            if (file != null && !regions.TryAdd(new FileConnection(file) { Changes = changes }, file.Size))
            {
                file.Dispose();
                request.Error = Log.Error(Errno.EOVERFLOW, $"the files are larger than a disk can be, up to {path}");
            }

            if (request.Error == Errno.Ok)
                continue;
            foreach (Link source in regions.Sources)
                source.Close();
            return null;
        }

        return new RegionDisk(regions, ownsSources: true);
    }
}
