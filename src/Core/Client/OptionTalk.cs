// Options and the replies to them, as bytes. Not: which options (Negotiation).

using System;
using System.Buffers.Binary;
using NbdFast.Native;
using NbdFast.Protocol;
using NbdFast.Transport;

namespace NbdFast.Client;

/// <summary>Sends and receives on one thread, before there are requests. All that a server says is bounded.</summary>
internal sealed class OptionTalk(PatientWire plain, ReceiveBuffer input) : IDisposable
{
    // Two texts of the greatest length that there is, and numbers.
    private const int LongestReply = 2 * Nbd.MaximumStringBytes + 64;
    private const int LongestOption = 2 * Nbd.MaximumStringBytes + 64;

    private readonly NativeBuffer _message = new(LongestOption);
    private readonly GatherList _list = new();

    /// <summary>What is talked over: the socket, or TLS over it.</summary>
    public IWire Wire { get; set; } = plain;

    /// <summary>What was received and not looked at.</summary>
    public ReceiveBuffer Input => input;

    /// <summary>Waits for bytes, at most 64 KiB, and takes them off. They are there until the next call.</summary>
    /// <exception cref="RemoteException">The server has gone.</exception>
    public ReadOnlySpan<byte> Receive(int count, string what)
    {
        if (!input.FillTo(Wire, count))
            throw ServerControl.IsShuttingDown
                ? new RemoteException(Errno.ESHUTDOWN, "the server is shutting down")
                : new RemoteException(Errno.EIO, $"the server closed the connection instead of sending {what}");
        ReadOnlySpan<byte> bytes = input.Available[..count];
        input.Consume(count);
        return bytes;
    }

    /// <summary>Sends bytes.</summary>
    /// <exception cref="RemoteException">The server has gone.</exception>
    public void Send(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_message.Span);
        _list.Clear();
        _list.Add(_message.Address, bytes.Length);
        while (_list.Bytes > 0)
        {
            nint sent = Wire.Send(_list, more: false);
            if (sent < 0)
                throw new RemoteException(
                    Errno.EIO, $"the server closed the connection: {((Errno)(-sent)).Text()}");
            _list.Advance(sent);
        }
    }

    /// <summary>Sends an option.</summary>
    public void SendOption(NbdOption option, ReadOnlySpan<byte> data)
    {
        Span<byte> message = stackalloc byte[LongestOption];
        BinaryPrimitives.WriteUInt64BigEndian(message, Nbd.OptionMagic);
        BinaryPrimitives.WriteUInt32BigEndian(message[8..], (uint)option);
        BinaryPrimitives.WriteUInt32BigEndian(message[12..], (uint)data.Length);
        data.CopyTo(message[Nbd.OptionHeaderBytes..]);
        Send(message[..(Nbd.OptionHeaderBytes + data.Length)]);
    }

    /// <summary>Receives a reply to an option.</summary>
    /// <param name="option">The option.</param>
    /// <param name="data">What came with it, there until the next call.</param>
    /// <exception cref="RemoteException">The server has gone, or breaks the protocol.</exception>
    public NbdReply ReceiveReply(NbdOption option, out ReadOnlySpan<byte> data)
    {
        string what = $"a reply to {WireName.Of(option)}";
        ReadOnlySpan<byte> header = Receive(Nbd.OptionReplyBytes, what);
        ulong magic = BinaryPrimitives.ReadUInt64BigEndian(header);
        var answered = (NbdOption)BinaryPrimitives.ReadUInt32BigEndian(header[8..]);
        var reply = (NbdReply)BinaryPrimitives.ReadUInt32BigEndian(header[12..]);
        uint length = BinaryPrimitives.ReadUInt32BigEndian(header[16..]);
        if (magic != Nbd.OptionReplyMagic)
            throw Broken($"the magic number of {what} is wrong");
        if (answered != option)
            throw Broken($"a reply to {WireName.Of(answered)} came in place of {what}");
        if (length > LongestReply)
            throw Broken($"{what} is {length} bytes long");
        data = Receive((int)length, what);
        return reply;
    }

    /// <summary>What to throw where a server breaks the protocol.</summary>
    public static RemoteException Broken(string how) => new(Errno.EIO, $"the server breaks the protocol: {how}");

    public void Dispose()
    {
        _list.Dispose();
        _message.Release();
    }
}
