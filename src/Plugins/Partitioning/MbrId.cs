// The value of mbr-id=. Not: type-guid= (TypeGuid).

using System;
using NbdFast.Plugins.Shared.Partitions;
using NbdFast.Values;

namespace NbdFast.Plugins.Partitioning;

/// <summary>The type of a partition in an MBR.</summary>
/// <param name="Value">The type byte.</param>
public readonly record struct MbrId(byte Value) : IValue<MbrId>
{
    /// <summary>The default: a Linux file system.</summary>
    public static MbrId Linux { get; } = new(PartitionContent.LinuxType);

    /// <summary>Parses a number from 0 to 255, or "default".</summary>
    /// <exception cref="ConfigException">Anything else.</exception>
    public static MbrId Parse(string value) =>
        value.Equals("default", StringComparison.OrdinalIgnoreCase) ? Linux : new MbrId(Parsers.ParseByte(value));
}
