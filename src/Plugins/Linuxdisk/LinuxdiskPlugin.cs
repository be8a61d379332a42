// The linuxdisk plugin: a directory as a disk with a partition and a file system. Not: making the file system
// (Filesystem), the partition table (PartitionedDisk), requests (ImageConnection).

using NbdFast.Plugins.Shared.Files;
using NbdFast.Plugins.Shared.Images;
using NbdFast.Plugins.Shared.Partitions;
using NbdFast.Plugins.Shared.Regions;
using NbdFast.Values;

namespace NbdFast.Plugins.Linuxdisk;

/// <summary>Serves a directory as a disk that Linux can mount or start from, made when the server starts.</summary>
[NbdPlugin("linuxdisk", "nbdkit Linux virtual disk plugin", ThreadModel = ThreadModel.Parallel,
    Latency = Latency.MayBlock, Description = "Create a virtual Linux disk from a directory.")]
public sealed partial class LinuxdiskPlugin : Plugin
{
    private FileConnection? _filesystem;
    private RegionDisk? _disk;

    /// <summary>What is to be in the root directory of the file system.</summary>
    [NbdParameter("dir", Magic = true, Required = true, ValueName = "DIRECTORY", Help = "The directory to serve.")]
    public RealPath? Directory
    {
        get;
        private set
        {
            if (field != null)
                throw new ConfigException("dir=<DIRECTORY> must only be set once");
            field = value;
        }
    }

    /// <summary>The label of the file system; of more than 16 bytes the first ones.</summary>
    [NbdParameter("label", Help = "The filesystem label.")]
    public string? Label { get; private set; }

    /// <summary>The type of the file system.</summary>
    [NbdParameter("type", ValueName = "ext2|ext3|ext4", Help = "The filesystem type (default: ext2).")]
    public string Type { get; private set; } = "ext2";

    /// <summary>The size of the file system, or of the free space in it; by default it is just large enough.</summary>
    [NbdParameter("size", ValueName = "[+]SIZE", Help = "The virtual filesystem size, or +free space.")]
    public FilesystemSize? Size { get; private set; }

    private string Folder => Directory!.Value;

    /// <inheritdoc/>
    public override void ConfigComplete()
    {
        if (Type is not ("ext2" or "ext3" or "ext4"))
            throw new ConfigException(
                $"type=<TYPE> must be an filesystem type supported by e2fsprogs: ext2, ext3 or ext4 ({Type})");
        if (!System.IO.Directory.Exists(Folder))
            throw new ConfigException($"{Folder}: {Errno.ENOTDIR.Text()}");
    }

    /// <inheritdoc/>
    public override void GetReady(ThreadModel model)
    {
        TemporaryFile file = TemporaryFile.Create();
        try
        {
            new Filesystem(Folder, Type, Label).Make(file, Size);
        }
        catch
        {
            file.Dispose();
            throw;
        }

        if (OpenFile.Adopt(file.Descriptor, "the file system", canWrite: false, out OpenFile? open) != Errno.Ok)
            throw new ConfigException("the file system cannot be served");
        _filesystem = new FileConnection(open!);
        PartitionContent partition = new(_filesystem, open!.Size) { UniqueGuid = PartitionGuid.Of(Folder + "\n0") };
        RegionList regions = PartitionedDisk.Build(PartitionTableType.Gpt, [partition], PartitionGuid.Of(Folder));
        _disk = new RegionDisk(regions, ownsSources: false);
    }

    /// <inheritdoc/>
    public override ImageConnection Open(OpenRequest request) => new(_disk!);

    /// <inheritdoc/>
    public override void Dispose()
    {
        _filesystem?.Close();
        base.Dispose();
    }
}
