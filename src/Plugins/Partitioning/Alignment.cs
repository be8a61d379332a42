// The value of alignment=. Not: padding to it (PartitionedDisk).

using NbdFast.Plugins.Shared.Partitions;
using NbdFast.Values;

namespace NbdFast.Plugins.Partitioning;

/// <summary>Partitions begin at multiples of so many bytes.</summary>
/// <param name="Bytes">A multiple of the sector, up to 1 MiB.</param>
public readonly record struct Alignment(ulong Bytes) : IValue<Alignment>
{
    /// <summary>The default, and the largest.</summary>
    public static Alignment Best { get; } = new(PartitionContent.BestAlignment);

    /// <summary>Parses a size.</summary>
    /// <exception cref="ConfigException">It is none, less than a sector, more than 1 MiB or no whole number of
    /// sectors.</exception>
    public static Alignment Parse(string value)
    {
        ulong bytes = DiskSize.Parse(value);
        if (bytes is < PartitionEntry.SectorBytes or > PartitionContent.BestAlignment)
            throw new ConfigException(
                $"partition alignment {bytes} should be >= sector size {PartitionEntry.SectorBytes} " +
                $"and <= maximum alignment {PartitionContent.BestAlignment}");
        if (bytes % PartitionEntry.SectorBytes != 0)
            throw new ConfigException(
                $"partition alignment {bytes} should be a multiple of sector size {PartitionEntry.SectorBytes}");
        return new Alignment(bytes);
    }
}
