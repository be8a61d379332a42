// Lends a span to code that wants a Memory, while the caller waits. Not: memory that outlives the call.

using System;
using System.Buffers;

namespace NbdFast.Native;

/// <summary>Shows a span as a <see cref="Memory{T}"/> for the time of a call.</summary>
internal static unsafe class PinnedSpan
{
    [ThreadStatic]
    private static Window? _spare;

    /// <summary>Pins <paramref name="span"/> and calls <paramref name="body"/> with it. The memory must not be used
    /// after
    /// <paramref name="body"/> has returned: it is then of no bytes.</summary>
    public static TResult Lend<TState, TResult>(
        ReadOnlySpan<byte> span, TState state, Func<Memory<byte>, TState, TResult> body)
    {
        // A window is used again, but by one call at a time: a nested call makes its own.
        Window window = _spare ?? new Window();
        _spare = null;
        fixed (byte* start = span)
        {
            window.Open(start, span.Length);
            try
            {
                return body(window.Memory, state);
            }
            finally
            {
                window.Open(null, 0);
                _spare = window;
            }
        }
    }

    private sealed class Window : MemoryManager<byte>
    {
        private byte* _start;
        private int _length;

        public override Memory<byte> Memory => CreateMemory(_length);

        public void Open(byte* start, int length)
        {
            _start = start;
            _length = length;
        }

        public override Span<byte> GetSpan() => new(_start, _length);

        // The span is pinned for the whole call already.
        public override MemoryHandle Pin(int elementIndex = 0) => new(_start + elementIndex);

        public override void Unpin()
        {
        }

        protected override void Dispose(bool disposing) => Open(null, 0);
    }
}
