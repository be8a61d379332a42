// A small NBD client that says just what a test wants said, wrong things too. Not: a client for use; it shares no code
// with the server. This part: bytes and the connection.

using System;
using System.Buffers.Binary;
using System.IO;
using System.Net;
using System.Net.Sockets;

namespace NbdFast.Testing;

/// <summary>How the server replies to requests, which the handshake decides.</summary>
public enum ReplyMode
{
    /// <summary>One reply per request, data directly behind it.</summary>
    Simple,

    /// <summary>Replies in chunks.</summary>
    Structured,

    /// <summary>Requests and chunks with 64 bit lengths.</summary>
    Extended,
}

/// <summary>A connection to a server, byte by byte.</summary>
public sealed partial class RawClient : IDisposable
{
    private IClientEnd _end;

    /// <summary>A client over a connection that is there.</summary>
    internal RawClient(IClientEnd end) => _end = end;

    /// <summary>How the server replies; set by the handshake, or by a test that lies.</summary>
    public ReplyMode Mode { get; set; }

    /// <summary>Connects, and says nothing yet.</summary>
    public static RawClient Connect(ServerProcess server) => server.Port == 0
        ? ConnectUnix(server.SocketPath)
        : ConnectTcp(server.Port);

    /// <summary>Connects to a Unix socket.</summary>
    public static RawClient ConnectUnix(string path) => new(new SocketEnd(
        new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified),
        new UnixDomainSocketEndPoint(path)));

    /// <summary>Connects to a port of 127.0.0.1.</summary>
    public static RawClient ConnectTcp(int port) => new(new SocketEnd(
        new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true },
        new IPEndPoint(IPAddress.Loopback, port)));

    /// <summary>Sends bytes.</summary>
    public void Send(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
            bytes = bytes[_end.Send(bytes)..];
    }

    /// <summary>Sends a message.</summary>
    public void Send(Message message) => Send(message.Bytes);

    /// <summary>Receives exactly so many bytes.</summary>
    /// <exception cref="EndOfStreamException">The server closed the connection before.</exception>
    public byte[] Receive(int count)
    {
        byte[] bytes = new byte[count];
        for (int done = 0; done < count;)
        {
            int received = _end.Receive(bytes.AsSpan(done));
            if (received == 0)
                throw new EndOfStreamException($"the server closed the connection after {done} of {count} bytes");
            done += received;
        }

        return bytes;
    }

    /// <summary>Receives exactly so many bytes as there is room for, without making garbage.</summary>
    public void ReceiveInto(Span<byte> room)
    {
        while (!room.IsEmpty)
        {
            int received = _end.Receive(room);
            if (received == 0)
                throw new EndOfStreamException($"the server closed the connection with {room.Length} bytes missing");
            room = room[received..];
        }
    }

    public ushort ReceiveU16() => BinaryPrimitives.ReadUInt16BigEndian(Receive(2));

    public uint ReceiveU32() => BinaryPrimitives.ReadUInt32BigEndian(Receive(4));

    public ulong ReceiveU64() => BinaryPrimitives.ReadUInt64BigEndian(Receive(8));

    /// <summary>Waits until the server closes the connection, in whichever way; anything it sends meanwhile is
    /// returned.</summary>
    public byte[] ReceiveToEnd()
    {
        using MemoryStream all = new();
        byte[] piece = new byte[4096];
        try
        {
            for (int count; (count = _end.Receive(piece)) > 0;)
                all.Write(piece, 0, count);
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.ConnectionReset)
        {
            // The server closed with bytes of ours unread, which is its right with a client that breaks the protocol.
            return all.ToArray();
        }

        return all.ToArray();
    }

    /// <summary>Whether bytes are there, or the end of the connection, or come within a time in
    /// milliseconds.</summary>
    public bool HasBytes(int withinMs) => _end.CanReceive(withinMs);

    /// <summary>Sends as long as the server takes it at once.</summary>
    /// <returns>Bytes sent.</returns>
    public long SendWhatFits(ReadOnlySpan<byte> message)
    {
        long sent = 0;
        while (_end.CanSend(500))
            sent += _end.Send(message[(int)(sent % message.Length)..]);
        return sent;
    }

    /// <summary>Says that nothing more will be sent, as a client does that ends in the middle.</summary>
    public void EndSending() => _end.EndSending();

    /// <summary>Closes the connection without a word.</summary>
    public void Dispose() => _end.Dispose();
}
