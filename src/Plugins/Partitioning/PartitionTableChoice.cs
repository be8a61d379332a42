// The value of partition-type=. Not: what is chosen without it (PartitioningPlugin).

using NbdFast.Plugins.Shared.Partitions;
using NbdFast.Values;

namespace NbdFast.Plugins.Partitioning;

/// <summary>A kind of partition table.</summary>
public readonly record struct PartitionTableChoice : IValue<PartitionTableChoice>
{
    private PartitionTableChoice(PartitionTableType type) => Type = type;

    /// <summary>The kind.</summary>
    internal PartitionTableType Type { get; }

    /// <summary>Parses mbr, which may also be called dos, or gpt, in any case.</summary>
    /// <exception cref="ConfigException">Anything else.</exception>
    public static PartitionTableChoice Parse(string value) => value.ToUpperInvariant() switch
    {
        "MBR" or "DOS" => new PartitionTableChoice(PartitionTableType.Mbr),
        "GPT" => new PartitionTableChoice(PartitionTableType.Gpt),
        _ => throw new ConfigException($"unknown partition-type: {value}"),
    };
}
