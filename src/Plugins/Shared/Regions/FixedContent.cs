// A source whose bytes clients can read and not change. Not: a read-only disk, which refuses all writes.

using System;

namespace NbdFast.Plugins.Shared.Regions;

/// <summary>
/// Bytes that are made up. A write of what is there already succeeds, as a client does that copies the whole disk back;
/// any other gets <see cref="Errno.EIO"/> and changes nothing.
/// </summary>
internal abstract class FixedContent : Link
{
    private protected FixedContent()
    {
    }

    /// <inheritdoc/>
    public sealed override Errno Write(ReadOnlySpan<byte> data, ulong offset, RequestFlags flags) =>
        Holds(data, offset) ? Errno.Ok : Refused();

    /// <inheritdoc/>
    public sealed override Errno Flush() => Errno.Ok;

    /// <inheritdoc/>
    /// <remarks>That nothing is given up here harms nobody: what a trimmed range reads as is not promised.</remarks>
    public sealed override Errno Trim(ulong count, ulong offset, RequestFlags flags) => Errno.Ok;

    /// <inheritdoc/>
    public sealed override Errno Zero(ulong count, ulong offset, RequestFlags flags) =>
        HoldsZeroes(count, offset) ? Errno.Ok : Refused();

    /// <inheritdoc/>
    public sealed override Errno Cache(ulong count, ulong offset) => Errno.Ok;

    /// <summary>What a client is told that tries to change something.</summary>
    private protected abstract string Refusal { get; }

    /// <summary>Says whether this is what the range reads as.</summary>
    private protected abstract bool Holds(ReadOnlySpan<byte> data, ulong offset);

    /// <summary>Says whether the range reads as zeroes.</summary>
    private protected abstract bool HoldsZeroes(ulong count, ulong offset);

    private Errno Refused() => Log.Error(Errno.EIO, $"{Refusal}");
}
