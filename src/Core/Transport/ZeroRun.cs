// Zeroes to send for holes, where the client cannot be told of them. Not: finding holes.

using System;
using NbdFast.Native;

namespace NbdFast.Transport;

/// <summary>One run of zeroes that all connections share: read from, never written to.</summary>
internal static class ZeroRun
{
    /// <summary>Its length in bytes.</summary>
    public const int Bytes = 1 << 20;

    private static readonly NativeBuffer Memory = new(Bytes);

    /// <summary>Appends zeroes to a list: one entry for each <see cref="Bytes"/>.</summary>
    [HotPath]
    public static void AddTo(GatherList runs, int length)
    {
        for (; length > 0; length -= Bytes)
            runs.Add(Memory.Address, Math.Min(length, Bytes));
    }
}
