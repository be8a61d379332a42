// The client of an encrypted wire, as a wire: so that what is asked of all wires is asked of TLS. Not: a client of NBD
// (RawClient).

using System;
using System.IO;
using System.Threading;
using NbdFast.Native;
using NbdFast.Testing;
using NbdFast.Testing.Native;
using NbdFast.Transport;

namespace NbdFast.Core.Tests.Transport;

/// <summary>Alice with her pre-shared key.</summary>
internal sealed class TlsPeerWire : IWire
{
    private readonly IWire _plain;
    private readonly TlsPeer _peer;

    // The library wants one thread at a time where keys change; it is the server's end that is tested.
    private readonly Lock _lock = new();

    /// <summary>Shakes hands over a wire.</summary>
    public TlsPeerWire(IWire plain)
    {
        _plain = plain;
        string key = File.ReadAllLines(TlsFiles.Of("keys.psk"))[0].Split(':')[1];
        _peer = new TlsPeer(new Below(plain), RawClient.AnyTls, "alice", key, null, null);
    }

    /// <summary>What is below.</summary>
    public IWire Plain => _plain;

    /// <summary>Changes the keys of both directions.</summary>
    public void UpdateKeys()
    {
        lock (_lock)
            _peer.UpdateKeys();
    }

    public int Descriptor => -1;

    public bool SendsFiles => false;

    public nint Receive(Span<byte> buffer)
    {
        try
        {
            bool[] ready = new bool[1];
            while (_peer.Pending == 0 && Libc.PollForReading([_plain.Descriptor], ready, -1) < 0)
                continue;   // A signal came.
            lock (_lock)
                return _peer.Receive(buffer);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    public nint ReceiveNow(Span<byte> buffer) => throw new NotSupportedException();

    public nint Receive(Span<byte> first, Span<byte> second) => throw new NotSupportedException();

    public nint Send(GatherList list, bool more)
    {
        byte[] piece = new byte[Math.Min(list.Bytes, 16 << 10)];
        list.CopyTo(piece);
        try
        {
            lock (_lock)
                return _peer.Send(piece);
        }
        catch (IOException)
        {
            return -(nint)Errno.EPIPE;
        }
    }

    public nint SendNow(GatherList list) => throw new NotSupportedException();

    public nint SendFile(int file, ulong offset, long count) => throw new NotSupportedException();

    public void StopReceiving() => _plain.StopReceiving();

    public void Abort() => _plain.Abort();

    public void Close()
    {
        _peer.SayBye();
        _peer.Dispose();
        _plain.Close();
    }

    private sealed class Below(IWire plain) : IClientEnd
    {
        public int Send(ReadOnlySpan<byte> bytes)
        {
            nint error = WirePair.SendAll(plain, bytes);
            return error == 0 ? bytes.Length : throw new IOException("it cannot be sent");
        }

        public int Receive(Span<byte> room) => (int)plain.Receive(room);

        public bool CanReceive(int withinMs) => throw new NotSupportedException();

        public bool CanSend(int withinMs) => throw new NotSupportedException();

        public void EndSending() => throw new NotSupportedException();

        public void Dispose()
        {
        }
    }
}
