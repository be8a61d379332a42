// The two kinds of partition tables. Not: the tables (Mbr, Gpt).

namespace NbdFast.Plugins.Shared.Partitions;

/// <summary>A kind of partition table.</summary>
internal enum PartitionTableType
{
    /// <summary>The DOS kind, up to about 2 TB; more than 4 partitions need an extended one.</summary>
    Mbr = 0,

    /// <summary>The kind of UEFI, with a copy at the end of the disk.</summary>
    Gpt = 1,
}
