// The floppy plugin: its parameters and its life. Not: the layout of the disk (FloppyDisk), requests
// (ImageConnection).

using NbdFast.Plugins.Shared.Images;
using NbdFast.Plugins.Shared.Regions;
using NbdFast.Values;

namespace NbdFast.Plugins.Floppy;

/// <summary>Serves the files of a directory as a FAT file system that is made up.</summary>
[NbdPlugin("floppy", "nbdkit floppy plugin", Description = "Serve the files of a directory as a read-only FAT disk.",
    ThreadModel = ThreadModel.Parallel, Latency = Latency.MayBlock)]
public sealed partial class FloppyPlugin : Plugin
{
    private RegionDisk? _disk;

    /// <summary>The directory.</summary>
    [NbdParameter("dir", Magic = true, ValueName = "DIRECTORY", Help = "(required) The directory to serve.")]
    public RealPath? Directory
    {
        get;
        private set => field = field == null
            ? value
            : throw new ConfigException("dir=<DIRECTORY> must only be set once");
    }

    /// <summary>The name of the volume.</summary>
    [NbdParameter("label", ValueName = "LABEL", Help = "The volume label (default: NBDKITFLOPY).")]
    public VolumeLabel Label { get; private set; } = VolumeLabel.Default;

    /// <summary>The size of the disk in bytes; by default what is needed.</summary>
    [NbdParameter("size", ValueName = "SIZE", Help = "The disk size (default: no free space).")]
    public DiskSize? Size { get; private set; }

    /// <inheritdoc/>
    public override void ConfigComplete()
    {
        if (Directory == null)
            throw new ConfigException(
                "you must supply the dir=<DIRECTORY> parameter after the plugin name on the command line");
    }

    /// <inheritdoc/>
    public override void GetReady(ThreadModel model)
    {
        HostEntry root = HostTree.Read(Directory!.Value);
        RegionList regions = FloppyDisk.Build(root, Label, Size?.Bytes);
        _disk = new RegionDisk(regions, ownsSources: false);
    }

    /// <inheritdoc/>
    public override ImageConnection Open(OpenRequest request) => new(_disk!);
}
