// Waiting for the rest of a payload whose sender is at work on it. Not: waiting for the next request (SpinRule).

using System;
using System.Threading;

namespace NbdFast.Transport;

/// <summary>
/// The peer is in the middle of sending, often piece by piece. Who sleeps until the next piece is woken by each, and
/// that costs both sides more than to copy it. So a thread that finds nothing lets others run first: on a busy machine
/// that is the peer, and several pieces are there when the thread's turn comes. On an idle one sched_yield(2) returns
/// at once, and the thread sleeps after all. What it brought is in docs/decisions.md.
/// </summary>
internal static class PayloadWait
{
    // Below that the rest is there, or comes in one piece.
    private const int LargeBytes = 48 << 10;

    private const int Turns = 3;

    /// <summary>Receives as <see cref="IWire.Receive(Span{byte}, Span{byte})"/> does.</summary>
    /// <param name="wire">Where the bytes come from.</param>
    /// <param name="first">Where they go.</param>
    /// <param name="second">Where those go that do not fit.</param>
    /// <param name="missing">The bytes of a payload that are still to come, before what the wire may add.</param>
    [HotPath]
    public static nint Receive(IWire wire, Span<byte> first, Span<byte> second, int missing)
    {
        for (int turn = 0; turn < Turns && missing >= LargeBytes; turn++)
        {
            nint received = wire.ReceiveNow(first, second);
            if (received != -(nint)Errno.EAGAIN)
                return received;
            Thread.Yield();
        }

        return wire.Receive(first, second);
    }
}
