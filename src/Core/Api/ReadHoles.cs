// How a plugin tells that what it has read is partly a hole. Not: holes that are known before reading (Link.Lend).

using System;
using System.Runtime.InteropServices;

namespace NbdFast;

/// <summary>
/// Notes on a buffer that <see cref="Link.ReadAsync"/> fills, for a link whose <see cref="Link.MarksHoles"/> is true. A
/// client that takes structured replies gets such parts as holes, which it need not store, and which take 32 bytes on
/// the wire.
/// </summary>
public static class ReadHoles
{
    /// <summary>Says that a part of the buffer is a hole. It must hold zeroes nevertheless, for the note may be of no
    /// use: to another client, or in a buffer of a filter's.</summary>
    /// <param name="buffer">What ReadAsync was given, or a slice of it.</param>
    /// <param name="start">The first byte of the hole in that.</param>
    /// <param name="length">Its bytes.</param>
    [HotPath]
    public static void Mark(ReadOnlyMemory<byte> buffer, int start, int length)
    {
        bool isReply = MemoryMarshal.TryGetMemoryManager(buffer, out MarkedMemory? owner, out int before, out int all);
        if (isReply && (uint)start <= (uint)all && (uint)length <= (uint)(all - start))
            owner!.MarkHole(before + start, length);
    }
}
