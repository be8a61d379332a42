// A pair of descriptors as a wire: standard input and output, which may be pipes. Not: sockets, which can do more
// (SocketWire).

using System;
using NbdFast.Native;

namespace NbdFast.Transport;

/// <summary>Reads from one descriptor and writes to another, of whatever kind they are.</summary>
internal sealed class PipeWire : IWire
{
    private const int BothEnds = 2;

    private readonly int _input;
    private readonly int _output;

    // What cannot be shut down like a socket is waited for together with these.
    private readonly int _stopEvent;
    private readonly int _abortEvent;
    private volatile bool _aborted;

    /// <summary>Takes over both descriptors.</summary>
    /// <param name="input">Where requests come from.</param>
    /// <param name="output">Where replies go, from <see cref="CopyOutput"/>.</param>
    /// <exception cref="ConfigException">There is no descriptor left.</exception>
    public PipeWire(int input, int output)
    {
        (_input, _output) = (input, output);
        _stopEvent = Event();
        _abortEvent = Event();
    }

    /// <summary>Makes a descriptor of the wire's own for its output. One of a pipe does not wait in writes, which could
    /// not be broken off; the caller's own descriptor stays as it is, for whoever shares it.</summary>
    /// <returns>The descriptor, or the negated errno.</returns>
    public static int CopyOutput(int output)
    {
        bool isPipe = Libc.Status(output, out FileStatus status) == Errno.Ok && status.IsPipe;
        int again = !isPipe ? -1 : Libc.Open(
            Libc.CurrentDirectory, $"/proc/self/fd/{output}",
            OpenFlags.WriteOnly | OpenFlags.NonBlocking | OpenFlags.CloseOnExec);
        return again >= 0 ? again : Libc.Duplicate(output);   // Without /proc a write waits, and can be waited for.
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

    public nint SendNow(GatherList list) => _aborted ? -(nint)Errno.EPIPE : Libc.Write(_output, list);

    public nint SendFile(int file, ulong offset, long count) => -(nint)Errno.ENOTSUP;

    public nint Send(GatherList list, bool more)
    {
        while (!_aborted)
        {
            nint sent = Libc.Write(_output, list);
            if (!IsPassing(sent))
                return sent;
            if (sent == -(nint)Errno.EAGAIN)
                Libc.PollForWriting(_output, unless: _abortEvent);
        }

        return -(nint)Errno.EPIPE;
    }

    // What is in a pipe already stays there, unlike with a socket: the client is told by the end of the stream.
    public void StopReceiving() => Libc.SignalEvent(_stopEvent);

    public void Abort()
    {
        _aborted = true;
        Libc.SignalEvent(_abortEvent);
        Libc.SignalEvent(_stopEvent);
        Libc.ShutdownSocket(_output, BothEnds);   // Does nothing to a pipe.
    }

    public void Close()
    {
        Libc.Close(_input);
        Libc.Close(_output);
        Libc.Close(_stopEvent);
        Libc.Close(_abortEvent);
    }

    private static int Event()
    {
        int descriptor = Libc.EventDescriptor();
        return descriptor >= 0 ? descriptor : throw new ConfigException($"eventfd: {((Errno)(-descriptor)).Text()}");
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
