// A wire that takes and gives as many bytes at a time as a test says. Not: a socket.

using System;
using System.Collections.Generic;
using System.Threading;
using NbdFast.Native;
using NbdFast.Transport;

namespace NbdFast.Core.Tests.Transport;

/// <summary>Keeps what is sent, and gives what there is to receive in pieces.</summary>
internal sealed class ScriptedWire : IWire
{
    private readonly List<byte> _sent = [];
    private readonly byte[] _incoming;
    private int _received;
    private int _looks;

    public ScriptedWire(byte[]? incoming = null) => _incoming = incoming ?? [];

    /// <summary>The most bytes that one send takes.</summary>
    public int MostSent { get; init; } = int.MaxValue;

    /// <summary>The most bytes that one receive gives.</summary>
    public int MostReceived { get; init; } = int.MaxValue;

    /// <summary>After so many bytes sending fails.</summary>
    public long BreaksAfter { get; init; } = long.MaxValue;

    /// <summary>If there is one, sends wait until it is set.</summary>
    public ManualResetEventSlim? Blocks { get; init; }

    /// <summary>How often something was received.</summary>
    public int Receives { get; private set; }

    /// <summary>The most bytes that a send was given.</summary>
    public long LargestSend { get; private set; }

    /// <summary>Everything that was sent.</summary>
    public byte[] Sent
    {
        get
        {
            lock (_sent)
                return [.. _sent];
        }
    }

    public int Descriptor => -1;

    public bool SendsFiles => true;

    public bool IsLocal { get; init; }

    public nint ReceiveNow(Span<byte> buffer) => Receive(buffer);

    // Every other look is too early.
    public nint ReceiveNow(Span<byte> first, Span<byte> second) =>
        ++_looks % 2 == 0 ? Receive(first, second) : -(nint)Errno.EAGAIN;

    public nint Receive(Span<byte> buffer) => Receive(buffer, default);

    public nint Receive(Span<byte> first, Span<byte> second)
    {
        Receives++;
        int count = Math.Min(Math.Min(MostReceived, _incoming.Length - _received), first.Length + second.Length);
        ReadOnlySpan<byte> piece = _incoming.AsSpan(_received, count);
        int head = Math.Min(count, first.Length);
        piece[..head].CopyTo(first);
        piece[head..].CopyTo(second);
        _received += count;
        return count;
    }

    public nint SendNow(GatherList list) => Send(list, more: false);

    /// <summary>As sendfile(2) does: less than was asked for at the end of the file, nothing behind it.</summary>
    public nint SendFile(int file, ulong offset, long count)
    {
        byte[] piece = new byte[(int)Math.Min(count, MostSent)];
        nint read = Libc.ReadAt(file, piece, offset);
        lock (_sent)
            _sent.AddRange(piece.AsSpan(0, (int)Math.Max(read, 0)));
        return read;
    }

    public nint Send(GatherList list, bool more)
    {
        Blocks?.Wait();
        LargestSend = Math.Max(LargestSend, list.Bytes);
        byte[] piece = new byte[Math.Min(MostSent, list.Bytes)];
        Assert.Equal(piece.Length, list.CopyTo(piece));
        lock (_sent)
        {
            if (_sent.Count + piece.Length > BreaksAfter)
                return -(nint)Errno.EPIPE;
            _sent.AddRange(piece);
        }

        return piece.Length;
    }

    public void StopReceiving()
    {
    }

    public void Abort()
    {
    }

    public void Close()
    {
    }
}
