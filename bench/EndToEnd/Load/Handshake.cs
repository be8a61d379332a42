// From a server's greeting to an export with simple replies. Not: requests (LoadConnection).

using System;
using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;
using System.Threading;
using NbdFast.Bench.EndToEnd.Native;
using NbdFast.Native;
using NbdFast.Protocol;

namespace NbdFast.Bench.EndToEnd.Load;

/// <summary>Connects and enters an export by NBD_OPT_GO, as every server that is measured knows it.</summary>
internal static class Handshake
{
    private const int PatienceSeconds = 10;
    private const int GreetingBytes = 18;

    /// <summary>Opens a connection. A server that does not listen yet is tried again for some seconds.</summary>
    /// <returns>The socket, in the transmission phase.</returns>
    /// <exception cref="LoadException">There is no such server or export.</exception>
    public static int Open(LoadOptions options)
    {
        int socket = Connect(options);
        if (ClientSocket.LimitWaiting(socket, PatienceSeconds) is var errno and not Errno.Ok)
            throw new LoadException($"SO_RCVTIMEO: {errno}");
        Span<byte> greeting = stackalloc byte[GreetingBytes];
        ReceiveAll(socket, greeting);
        if (BinaryPrimitives.ReadUInt64BigEndian(greeting) != Nbd.Magic)
            throw new LoadException("this is no NBD server");
        Send(socket, GoRequest(options.Export));
        while (!Finished(socket))
        {
        }

        return socket;
    }

    /// <summary>Receives until a buffer is full.</summary>
    public static void ReceiveAll(int socket, Span<byte> buffer)
    {
        while (buffer.Length > 0)
        {
            nint received = Libc.Receive(socket, buffer, wait: true);
            if (received <= 0)
                throw new LoadException(received == 0 ? "the server hung up" : $"receive: {(Errno)(-received)}");
            buffer = buffer[(int)received..];
        }
    }

    /// <summary>Sends all of a buffer.</summary>
    public static void Send(int socket, ReadOnlySpan<byte> data)
    {
        while (data.Length > 0)
        {
            nint sent = Libc.Write(socket, data);
            if (sent < 0)
                throw new LoadException($"send: {(Errno)(-sent)}");
            data = data[(int)sent..];
        }
    }

    private static int Connect(LoadOptions options)
    {
        for (Stopwatch waited = Stopwatch.StartNew(); ; Thread.Sleep(1))
        {
            int socket = options.Socket.Length > 0
                ? ClientSocket.ConnectUnix(options.Socket)
                : ClientSocket.ConnectTcp(options.Port);
            if (socket >= 0)
                return socket;
            if (waited.Elapsed.TotalSeconds > PatienceSeconds)
                throw new LoadException($"cannot connect: {(Errno)(-socket)}");
        }
    }

    private static byte[] GoRequest(string export)
    {
        byte[] name = Encoding.UTF8.GetBytes(export);
        byte[] request = new byte[sizeof(uint) + Nbd.OptionHeaderBytes + sizeof(uint) + name.Length + sizeof(ushort)];
        BinaryPrimitives.WriteUInt32BigEndian(
            request, (uint)(HandshakeFlags.FixedNewstyle | HandshakeFlags.NoZeroes));
        Span<byte> option = request.AsSpan(sizeof(uint));
        BinaryPrimitives.WriteUInt64BigEndian(option, Nbd.OptionMagic);
        BinaryPrimitives.WriteUInt32BigEndian(option[8..], (uint)NbdOption.Go);
        BinaryPrimitives.WriteInt32BigEndian(option[12..], option.Length - Nbd.OptionHeaderBytes);
        BinaryPrimitives.WriteInt32BigEndian(option[16..], name.Length);
        name.CopyTo(option[20..]);
        return request;   // The last two bytes: no information is asked for.
    }

    private static bool Finished(int socket)
    {
        Span<byte> header = stackalloc byte[Nbd.OptionReplyBytes];
        ReceiveAll(socket, header);
        if (BinaryPrimitives.ReadUInt64BigEndian(header) != Nbd.OptionReplyMagic)
            throw new LoadException("the server's answer to GO is no answer to an option");
        byte[] data = new byte[BinaryPrimitives.ReadUInt32BigEndian(header[16..])];
        ReceiveAll(socket, data);
        return (NbdReply)BinaryPrimitives.ReadUInt32BigEndian(header[12..]) switch
        {
            NbdReply.Ack => true,
            NbdReply.Info => false,
            NbdReply refusal => throw new LoadException($"the server refuses the export: {refusal}"),
        };
    }
}
