// One extent and its type. Not: the list (ExtentList), its form on the wire (Protocol/BlockStatus).

using System;

namespace NbdFast;

/// <summary>What is known of an extent; the bits of <c>base:allocation</c> in the NBD protocol.</summary>
[Flags]
public enum ExtentType
{
    /// <summary>Allocated, with data.</summary>
    Data = 0,

    /// <summary>Not allocated.</summary>
    Hole = 1,

    /// <summary>Reads as zeroes.</summary>
    Zero = 2,

    /// <summary>Not allocated, reads as zeroes: the usual hole.</summary>
    HoleZero = Hole | Zero,
}

/// <summary>A run of bytes of one type.</summary>
/// <param name="Offset">The position of the first byte.</param>
/// <param name="Length">Bytes, at least 1.</param>
/// <param name="Type">What is known of it.</param>
public readonly record struct Extent(ulong Offset, ulong Length, ExtentType Type)
{
    /// <summary>The position after the last byte.</summary>
    public ulong End => Offset + Length;
}
