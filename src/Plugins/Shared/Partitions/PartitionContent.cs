// One partition as it is asked for: what is in it and what the table says of it. Not: where it comes to lie
// (PartitionedDisk).

using System;

namespace NbdFast.Plugins.Shared.Partitions;

/// <summary>What a partition holds.</summary>
/// <param name="Source">Answers requests for it, from its position 0 on.</param>
/// <param name="Length">Bytes, at least 1; what is missing to a whole sector is padded.</param>
internal sealed record PartitionContent(Link Source, ulong Length)
{
    /// <summary>The alignment that is the best for all disks, and the default: 1 MiB.</summary>
    public const ulong BestAlignment = 1024 * 1024;

    /// <summary>The MBR type of a Linux file system.</summary>
    public const byte LinuxType = 0x83;

    /// <summary>The GPT type of a Linux file system.</summary>
    public static Guid LinuxTypeGuid { get; } = new("0FC63DAF-8483-4772-8E79-3D69D8477DE4");

    /// <summary>The partition begins at a multiple of so many bytes, itself a multiple of the sector.</summary>
    public ulong Alignment { get; init; } = BestAlignment;

    /// <summary>The first partition of the disk is marked as the one to start from; this one, if it is the first, not
    /// so.</summary>
    public bool IsNeverBooted { get; init; }

    /// <summary>The type byte in an MBR.</summary>
    public byte MbrType { get; init; } = LinuxType;

    /// <summary>The type in a GPT.</summary>
    public Guid TypeGuid { get; init; } = LinuxTypeGuid;

    /// <summary>The partition's own number in a GPT.</summary>
    public Guid UniqueGuid { get; init; }

    /// <summary>The name in a GPT; of more than 36 UTF-16 units the first ones.</summary>
    public string Name { get; init; } = "";
}
