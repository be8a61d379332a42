// The value of type-guid=. Not: the GUIDs of partitions themselves (PartitionGuid).

using System;
using NbdFast.Plugins.Shared.Partitions;
using NbdFast.Values;

namespace NbdFast.Plugins.Partitioning;

/// <summary>The type of a partition in a GPT.</summary>
/// <param name="Value">The GUID.</param>
public readonly record struct TypeGuid(Guid Value) : IValue<TypeGuid>
{
    /// <summary>The default: a Linux file system.</summary>
    public static TypeGuid Linux { get; } = new(PartitionContent.LinuxTypeGuid);

    /// <summary>Parses a GUID, with or without braces around it, or "default".</summary>
    /// <exception cref="ConfigException">Anything else.</exception>
    public static TypeGuid Parse(string value)
    {
        if (value.Equals("default", StringComparison.OrdinalIgnoreCase))
            return Linux;
        string format = value.StartsWith('{') ? "B" : "D";
        return Guid.TryParseExact(value, format, out Guid guid)
            ? new TypeGuid(guid)
            : throw new ConfigException($"could not validate GUID: {value}");
    }
}
