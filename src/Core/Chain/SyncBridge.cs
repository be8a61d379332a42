// The only place where sync meets async. Not: a scheduler.

using System;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using NbdFast.Native;

namespace NbdFast.Chain;

/// <summary>Supplies the sync twin of an operation that is overridden in its async twin only: starts it and waits. The
/// waiting thread is one that may wait: the server gives such chains workers.</summary>
internal static class SyncBridge
{
    [ThreadStatic]
    private static Waiter? _spare;

    /// <summary>Reads by <see cref="Link.ReadAsync"/>.</summary>
    public static Errno Read(Link link, Span<byte> buffer, ulong offset) => PinnedSpan.Lend(
        buffer, (link, offset), static (memory, call) => Wait(call.link.ReadAsync(memory, call.offset)));

    /// <summary>Writes by <see cref="Link.WriteAsync"/>.</summary>
    public static Errno Write(Link link, ReadOnlySpan<byte> data, ulong offset, RequestFlags flags) => PinnedSpan.Lend(
        data, (link, offset, flags),
        static (memory, call) => Wait(call.link.WriteAsync(memory, call.offset, call.flags)));

    /// <summary>Waits for the end of an operation.</summary>
    public static Errno Wait(ValueTask<Errno> operation)
    {
        ConfiguredValueTaskAwaitable<Errno>.ConfiguredValueTaskAwaiter awaiter =
            operation.ConfigureAwait(false).GetAwaiter();
        if (!awaiter.IsCompleted)
        {
            Burst.SendNow();   // What is waited for may not have been sent yet.
            Waiter waiter = _spare ?? new Waiter();
            _spare = null;     // A wait within another one has its own.
            awaiter.UnsafeOnCompleted(waiter.Wake);
            waiter.Wait();
            _spare = waiter;
        }

        return awaiter.GetResult();
    }

    // Used again by its thread, so that waiting makes no garbage.
    private sealed class Waiter
    {
        private readonly object _lock = new();
        private bool _isOver;

        public Waiter() => Wake = End;

        public Action Wake { get; }

        public void Wait()
        {
            lock (_lock)
            {
                while (!_isOver)
                    Monitor.Wait(_lock);
                _isOver = false;
            }
        }

        private void End()
        {
            lock (_lock)
            {
                _isOver = true;
                Monitor.Pulse(_lock);
            }
        }
    }
}
