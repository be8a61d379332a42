// Receives the payload of a write straight to its place. Not: receiving requests (Transport/ReceiveBuffer).

using System;
using System.Diagnostics;
using NbdFast.Drivers;
using NbdFast.Transport;

namespace NbdFast.Server;

/// <summary>
/// A client on this machine sends a large write in pieces, for its socket holds less than the whole, and goes on as
/// soon as a piece was taken. So while no other connection is awake the thread looks for the next piece a little longer
/// before it sleeps, by the rule for requests. Measured with 16 writes of 256 KiB under way on a Unix socket: 1.3 times
/// the requests at the same CPU; TCP, which cuts pieces smaller, pays for it in CPU, and has its own pace.
/// </summary>
internal sealed class PayloadReceiver(IWire wire, ReceiveBuffer input, Crowd crowd)
{
    private SpinRule _spin = new();

    /// <summary>Fills <paramref name="target"/>, waiting for the client; what comes behind it lands in the
    /// buffer.</summary>
    /// <returns>False if the stream ended before it was full.</returns>
    [HotPath]
    public bool Fill(Span<byte> target)
    {
        target = target[input.MoveTo(target)..];
        while (target.Length > 0)
        {
            nint received = ReceiveSoon(target);
            if (received == -(nint)Errno.EAGAIN)
                received = input.ReceiveBehind(wire, target, wait: true);
            if (received <= 0)
                return false;
            target = target[(int)Math.Min(received, target.Length)..];
        }

        return true;
    }

    [HotPath]
    private nint ReceiveSoon(Span<byte> target)
    {
        nint received = -(nint)Errno.EAGAIN;
        if (!wire.IsLocal || !_spin.Spins(crowd))
            return received;
        long end = SpinRule.End();
        do
            received = input.ReceiveBehind(wire, target, wait: false);
        while (received == -(nint)Errno.EAGAIN && Stopwatch.GetTimestamp() < end && crowd.IsAlone);
        _spin.Learn(received != -(nint)Errno.EAGAIN);
        return received;
    }
}
