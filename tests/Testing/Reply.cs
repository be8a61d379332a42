// The whole answer to one request, whichever way it came. Not: receiving it (RawClient).

using System.Collections.Generic;

namespace NbdFast.Testing;

/// <summary>One chunk of a structured reply.</summary>
/// <param name="Type">One of NbdWire.Chunk...</param>
/// <param name="IsLast">No chunk follows.</param>
/// <param name="Payload">What it carries.</param>
public sealed record Chunk(ushort Type, bool IsLast, byte[] Payload);

/// <summary>An extent of a block status.</summary>
/// <param name="Context">The number of the metadata context.</param>
/// <param name="Length">In bytes.</param>
/// <param name="Flags">What the context says of it.</param>
public sealed record StatusExtent(uint Context, ulong Length, ulong Flags);

/// <summary>An answer.</summary>
/// <param name="Error">0, or an error of <see cref="NbdWire"/>.</param>
/// <param name="Data">What was read, chunks and holes put in their places.</param>
/// <param name="Chunks">The chunks as they came; none for a simple reply.</param>
/// <param name="Extents">The extents of a block status, in order.</param>
public sealed record Reply(
    uint Error,
    byte[] Data,
    IReadOnlyList<Chunk> Chunks,
    IReadOnlyList<StatusExtent> Extents);
