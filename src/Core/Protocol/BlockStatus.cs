// Extents as the payload of block status chunks, in both forms. Not: finding them.

using System;
using System.Buffers.Binary;

namespace NbdFast.Protocol;

/// <summary>The payload of BLOCK_STATUS and BLOCK_STATUS_EXT chunks for base:allocation.</summary>
internal static class BlockStatus
{
    /// <summary>The most extents in one reply: bounds its size, which the protocol leaves to the server.</summary>
    public const int MaximumExtents = 64 << 10;

    private const int ContextIdBytes = 4;
    private const int CompactEntryBytes = 8;
    private const int ExtendedPreambleBytes = 8;
    private const int ExtendedEntryBytes = 16;

    /// <summary>How many extents of the list are sent: those that begin inside the range, one if one was asked
    /// for.</summary>
    /// <param name="list">What the chain found.</param>
    /// <param name="onlyOne">REQ_ONE was set.</param>
    [HotPath]
    public static int CountToSend(ExtentList list, bool onlyOne) =>
        onlyOne ? Math.Min(1, list.Count) : Math.Min(MaximumExtents, list.Count);

    /// <summary>Bytes of the payload.</summary>
    [HotPath]
    public static int PayloadBytes(int count, bool extended) => extended
        ? ExtendedPreambleBytes + count * ExtendedEntryBytes
        : ContextIdBytes + count * CompactEntryBytes;

    /// <summary>Writes the payload.</summary>
    /// <param name="target">Exactly <see cref="PayloadBytes"/>.</param>
    /// <param name="list">What the chain found.</param>
    /// <param name="count">How many of its extents.</param>
    /// <param name="end">Where the last extent must end: the end of the asked range with REQ_ONE, else that of the
    /// export.</param>
    /// <param name="extended">The form.</param>
    [HotPath]
    public static void Write(Span<byte> target, ExtentList list, int count, ulong end, bool extended)
    {
        BinaryPrimitives.WriteUInt32BigEndian(target, Nbd.AllocationContextId);
        target = target[ContextIdBytes..];
        if (extended)
        {
            BinaryPrimitives.WriteUInt32BigEndian(target, (uint)count);
            target = target[(ExtendedPreambleBytes - ContextIdBytes)..];
        }

        for (int i = 0; i < count; i++)
        {
            Extent extent = list[i];
            ulong length = Math.Min(extent.Length, end - extent.Offset);
            target = WriteEntry(target, length, extent.Type, extended);
        }
    }

    [HotPath]
    private static Span<byte> WriteEntry(Span<byte> target, ulong length, ExtentType type, bool extended)
    {
        if (extended)
        {
            BinaryPrimitives.WriteUInt64BigEndian(target, length);
            BinaryPrimitives.WriteUInt64BigEndian(target[8..], (ulong)type);
            return target[ExtendedEntryBytes..];
        }

        // A compact length has 32 bits: a longer extent is told in part, a multiple of any block size. Only the last
        // extent can be that long, for all before it lie inside a request whose length has 32 bits too.
        const uint LongestPart = uint.MaxValue & ~0xffffu;
        BinaryPrimitives.WriteUInt32BigEndian(target, length > uint.MaxValue ? LongestPart : (uint)length);
        BinaryPrimitives.WriteUInt32BigEndian(target[4..], (uint)type);
        return target[CompactEntryBytes..];
    }
}
