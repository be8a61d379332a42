// The only place where sync meets async. Not: a scheduler.

using System;
using System.Threading.Tasks;

namespace NbdFast.Chain;

/// <summary>Supplies the sync twin of an operation that is overridden in its async twin only: starts it and waits.</summary>
internal static class SyncBridge
{
    public static Errno Read(Link link, Span<byte> buffer, ulong offset) => throw new NotSupportedException();

    public static Errno Write(Link link, ReadOnlySpan<byte> data, ulong offset, RequestFlags flags) =>
        throw new NotSupportedException();

    public static Errno Wait(ValueTask<Errno> operation) =>
        operation.IsCompletedSuccessfully ? operation.Result : operation.AsTask().GetAwaiter().GetResult();
}
