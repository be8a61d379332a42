// The headers of replies and chunks. Not: their order and gathering (Server/Replies).

using System;
using System.Buffers.Binary;

namespace NbdFast.Protocol;

/// <summary>Writes reply headers ("Simple reply message", "Structured reply chunk message", "Extended reply chunk
/// message").</summary>
internal static class ReplyHeader
{
    /// <summary>Bytes of a chunk's header in a mode.</summary>
    [HotPath]
    public static int ChunkBytes(ReplyMode mode) =>
        mode == ReplyMode.Extended ? Nbd.ExtendedReplyBytes : Nbd.StructuredReplyBytes;

    /// <summary>Writes a simple reply.</summary>
    [HotPath]
    public static void WriteSimple(Span<byte> target, NbdError error, ulong cookie)
    {
        BinaryPrimitives.WriteUInt32BigEndian(target, Nbd.SimpleReplyMagic);
        BinaryPrimitives.WriteUInt32BigEndian(target[4..], (uint)error);
        BinaryPrimitives.WriteUInt64BigEndian(target[8..], cookie);
    }

    /// <summary>Writes a chunk's header.</summary>
    /// <param name="target">At least <see cref="ChunkBytes"/>.</param>
    /// <param name="mode">Structured or extended.</param>
    /// <param name="flags">Done on the last chunk of a reply.</param>
    /// <param name="type">What follows.</param>
    /// <param name="cookie">The request's.</param>
    /// <param name="offset">The request's; only extended headers carry it.</param>
    /// <param name="payloadBytes">Bytes that follow the header.</param>
    [HotPath]
    public static void WriteChunk(
        Span<byte> target, ReplyMode mode, ChunkFlags flags, ChunkType type, ulong cookie, ulong offset,
        uint payloadBytes)
    {
        bool extended = mode == ReplyMode.Extended;
        BinaryPrimitives.WriteUInt32BigEndian(target, extended ? Nbd.ExtendedReplyMagic : Nbd.StructuredReplyMagic);
        BinaryPrimitives.WriteUInt16BigEndian(target[4..], (ushort)flags);
        BinaryPrimitives.WriteUInt16BigEndian(target[6..], (ushort)type);
        BinaryPrimitives.WriteUInt64BigEndian(target[8..], cookie);
        if (!extended)
        {
            BinaryPrimitives.WriteUInt32BigEndian(target[16..], payloadBytes);
            return;
        }

        BinaryPrimitives.WriteUInt64BigEndian(target[16..], offset);
        BinaryPrimitives.WriteUInt64BigEndian(target[24..], payloadBytes);
    }
}
