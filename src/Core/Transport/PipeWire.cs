// A pair of descriptors as a wire: standard input and output, which may be pipes. Not: sockets, which can do more
// (SocketWire).

using System;
using NbdFast.Native;

namespace NbdFast.Transport;

/// <summary>Reads from one descriptor and writes to another, of whatever kind they are.</summary>
internal sealed class PipeWire : IWire
{
    private readonly int _input;
    private readonly int _output;

    // What cannot be shut down like a socket is waited for together with this.
    private readonly int _stopEvent;

    /// <summary>Takes over both descriptors.</summary>
    /// <exception cref="ConfigException">There is no descriptor left.</exception>
    public PipeWire(int input, int output)
    {
        (_input, _output) = (input, output);
        _stopEvent = Libc.EventDescriptor();
        if (_stopEvent < 0)
            throw new ConfigException($"eventfd: {((Errno)(-_stopEvent)).Text()}");
    }

    // Two of them, and neither has to be one that a loop can wait for.
    public int Descriptor => -1;

    public bool SendsFiles => false;

    public nint ReceiveNow(Span<byte> buffer)
    {
        Span<bool> ready = stackalloc bool[2];
        return Libc.PollForReading([_stopEvent, _input], ready, 0) > 0 ? Receive(buffer) : -(nint)Errno.EAGAIN;
    }

    public nint Receive(Span<byte> buffer)
    {
        nint received;
        do
            received = WaitForInput() ? Libc.Read(_input, buffer) : 0;
        while (IsPassing(received));
        return received;
    }

    public nint Receive(Span<byte> first, Span<byte> second)
    {
        nint received;
        do
            received = WaitForInput() ? Libc.Read(_input, first, second) : 0;
        while (IsPassing(received));
        return received;
    }

    public nint SendNow(GatherList list) => Libc.Write(_output, list);

    public nint SendFile(int file, ulong offset, long count) => -(nint)Errno.ENOTSUP;

    public nint Send(GatherList list, bool more)
    {
        nint sent;
        while (IsPassing(sent = Libc.Write(_output, list)))
            if (sent != -(nint)Errno.EINTR)
                Libc.PollForWriting(_output);
        return sent;
    }

    public void StopReceiving() => Libc.SignalEvent(_stopEvent);

    // A thread that waits for a full pipe stays there until somebody reads or the process ends, which for a server of
    // one connection is what follows.
    public void Abort() => Libc.SignalEvent(_stopEvent);

    public void Close()
    {
        Libc.Close(_input);
        Libc.Close(_output);
        Libc.Close(_stopEvent);
    }

    // The caller may have made the descriptors non-blocking, which is a property of the pipe and not ours to change.
    private static bool IsPassing(nint result) =>
        result == -(nint)Errno.EINTR || result == -(nint)Errno.EAGAIN;

    private bool WaitForInput()
    {
        Span<bool> ready = stackalloc bool[2];
        while (Libc.PollForReading([_stopEvent, _input], ready, -1) < 0)
            continue;   // A signal came.
        return !ready[0];
    }
}
