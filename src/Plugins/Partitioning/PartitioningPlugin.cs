// The partitioning plugin: its parameters, each of which counts for the files after it. Not: the layout of the disk
// (PartitionedDisk), requests (RegionDisk, FileConnection).

using System.Collections.Generic;
using System.IO;
using NbdFast.Native;
using NbdFast.Plugins.Shared.Files;
using NbdFast.Plugins.Shared.Partitions;
using NbdFast.Plugins.Shared.Regions;
using NbdFast.Values;

namespace NbdFast.Plugins.Partitioning;

/// <summary>Serves files as the partitions of one disk.</summary>
[NbdPlugin("partitioning", "nbdkit partitioning plugin",
    Description = "Serve files as the partitions of a disk, with a partition table around them.",
    ThreadModel = ThreadModel.Parallel, Latency = Latency.MayBlock)]
public sealed partial class PartitioningPlugin : Plugin
{
    // With more files than an MBR has entries, a GPT is the better choice.
    private const int MostMbrFiles = 4;

    private readonly List<PartitionContent> _partitions = [];
    private readonly List<string> _paths = [];
    private ulong _total;
    private RegionList _disk = new();

    /// <summary>A file with the content of a partition. It is opened at once and serves all clients, for its size goes
    /// into the table.</summary>
    [NbdParameter("file", Magic = true, ValueName = "FILENAME", Help = "(required) File(s) containing partitions.")]
    public FilePath? File
    {
        get;
        private set
        {
            field = value;
            Add(value!.Value);
        }
    }

    /// <summary>The kind of table; by default the one that suits the files.</summary>
    [NbdParameter("partition-type", ValueName = "mbr|gpt", Help = "Partition type.")]
    public PartitionTableChoice? TableType { get; private set; }

    /// <summary>The alignment of the files that follow, in bytes.</summary>
    [NbdParameter("alignment", ValueName = "N", Help = "Alignment of the files that follow (default: 1M).")]
    public Alignment Alignment { get; private set; } = Alignment.Best;

    /// <summary>The MBR type of the files that follow.</summary>
    [NbdParameter("mbr-id", ValueName = "0xN|default", Help = "MBR type of the files that follow (default: 0x83).")]
    public MbrId MbrId { get; private set; } = MbrId.Linux;

    /// <summary>The GPT type of the files that follow.</summary>
    [NbdParameter("type-guid", ValueName = "GUID|default", Help = "GPT type of the files that follow.")]
    public TypeGuid TypeGuid { get; private set; } = TypeGuid.Linux;

    /// <inheritdoc/>
    public override void ConfigComplete()
    {
        if (_partitions.Count == 0)
            throw new ConfigException("at least one file= parameter must be supplied");
        PartitionTableType type = TableType?.Type ?? BestType();
        if (type == PartitionTableType.Mbr && _total > PartitionedDisk.LargestMbr)
            throw new ConfigException(
                "MBR partition table type supports a maximum virtual disk size of about 2 TB, but you requested " +
                $"{_partitions.Count} partition(s) and a total size of {_total} bytes " +
                $"(> {PartitionedDisk.LargestMbr}). Try using: partition-type=gpt");
        _disk = PartitionedDisk.Build(type, _partitions, PartitionGuid.Of(string.Join('\n', _paths)));
    }

    /// <inheritdoc/>
    public override RegionDisk Open(OpenRequest request) => new(_disk, ownsSources: false);

    /// <inheritdoc/>
    public override void Dispose()
    {
        foreach (PartitionContent partition in _partitions)
            partition.Source.Close();
        base.Dispose();
    }

    private PartitionTableType BestType() =>
        _partitions.Count > MostMbrFiles || _total > PartitionedDisk.LargestMbr
            ? PartitionTableType.Gpt
            : PartitionTableType.Mbr;

    private void Add(string path)
    {
        OpenFile.CheckKind(path);
        OpenFile.CheckAccess(path);
        Errno error = OpenFile.Open(Libc.CurrentDirectory, path, readOnly: false, out OpenFile? file);
        if (file == null)
            throw new ConfigException($"{path}: {error.Text()}");
        FileConnection source = new(file) { Changes = new FileChanges() };
        int index = _partitions.Count;
        _partitions.Add(new PartitionContent(source, file.Size)
        {
            Alignment = Alignment.Bytes,
            MbrType = MbrId.Value,
            TypeGuid = TypeGuid.Value,
            UniqueGuid = PartitionGuid.Of($"{index}\n{path}"),
            Name = Path.GetFileName(path),
        });
        _paths.Add(path);
        if (file.Size == 0)
            throw new ConfigException($"{path}: zero length partitions are not allowed");
        if (file.Size > ExportInfo.MaximumSize - _total)
            throw new ConfigException($"{path}: the files are together larger than a disk can be");
        _total += file.Size;
    }
}
