// A wire that gives up waiting when this server ends. Not: the bytes (Transport/SocketWire).

using System;
using NbdFast.Native;
using NbdFast.Transport;

namespace NbdFast.Client;

/// <summary>While a connection is negotiated nobody but the thread that waits could break it off. So it looks now and
/// then whether the server ends.</summary>
internal sealed class PatientWire(SocketWire wire) : IWire
{
    private const int LookMs = 500;

    /// <summary>Somebody else sees to the end of the connection from now on.</summary>
    public bool IsWatched { get; set; }

    public int Descriptor => wire.Descriptor;

    public bool SendsFiles => false;

    public bool IsLocal => wire.IsLocal;

    [HotPath]
    public nint Receive(Span<byte> buffer) => IsWatched || Wait() ? wire.Receive(buffer) : -(nint)Errno.ESHUTDOWN;

    [HotPath]
    public nint ReceiveNow(Span<byte> buffer) => wire.ReceiveNow(buffer);

    [HotPath]
    public nint Receive(Span<byte> first, Span<byte> second) =>
        IsWatched || Wait() ? wire.Receive(first, second) : -(nint)Errno.ESHUTDOWN;

    [HotPath]
    public nint ReceiveNow(Span<byte> first, Span<byte> second) => wire.ReceiveNow(first, second);

    [HotPath]
    public nint Send(GatherList list, bool more) => wire.Send(list, more);

    [HotPath]
    public nint SendNow(GatherList list) => wire.SendNow(list);

    public nint SendFile(int file, ulong offset, long count) => -(nint)Errno.ENOTSUP;

    public void StopReceiving() => wire.StopReceiving();

    public void Abort() => wire.Abort();

    public void Close() => wire.Close();

    private bool Wait()
    {
        Span<bool> ready = stackalloc bool[1];
        while (!ServerControl.IsShuttingDown)
            if (Libc.PollForReading([wire.Descriptor], ready, LookMs) > 0)
                return true;
        return false;
    }
}
