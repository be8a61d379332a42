// The only place where sync meets async. Not: a scheduler.

using System;
using System.Threading.Tasks;
using NbdFast.Native;

namespace NbdFast.Chain;

/// <summary>Supplies the sync twin of an operation that is overridden in its async twin only: starts it and waits. The
/// waiting thread is one that may wait: the server gives such chains workers.</summary>
internal static class SyncBridge
{
    /// <summary>Reads by <see cref="Link.ReadAsync"/>.</summary>
    public static Errno Read(Link link, Span<byte> buffer, ulong offset) => PinnedSpan.Lend(
        buffer, (link, offset), static (memory, call) => Wait(call.link.ReadAsync(memory, call.offset)));

    /// <summary>Writes by <see cref="Link.WriteAsync"/>.</summary>
    public static Errno Write(Link link, ReadOnlySpan<byte> data, ulong offset, RequestFlags flags) => PinnedSpan.Lend(
        data, (link, offset, flags),
        static (memory, call) => Wait(call.link.WriteAsync(memory, call.offset, call.flags)));

    /// <summary>Waits for the end of an operation.</summary>
    public static Errno Wait(ValueTask<Errno> operation) =>
        operation.IsCompletedSuccessfully ? operation.Result : operation.AsTask().GetAwaiter().GetResult();
}
