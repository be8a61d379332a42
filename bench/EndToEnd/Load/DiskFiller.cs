// Writes a whole disk before it is measured. Not: measured itself.

using System;
using System.Buffers.Binary;
using NbdFast.Native;
using NbdFast.Protocol;

namespace NbdFast.Bench.EndToEnd.Load;

/// <summary>Makes every page of a disk exist, with <see cref="DiskPattern"/> in it.</summary>
internal static class DiskFiller
{
    private const int ChunkBytes = 2 << 20;

    /// <summary>Writes the disk from its start to its end over a connection of its own.</summary>
    public static void Fill(LoadOptions options)
    {
        int socket = Handshake.Open(options);
        byte[] request = new byte[Nbd.RequestBytes + ChunkBytes];
        byte[] reply = new byte[Nbd.SimpleReplyBytes];
        for (long offset = 0; offset < options.DiskBytes; offset += ChunkBytes)
        {
            int length = (int)Math.Min(ChunkBytes, options.DiskBytes - offset);
            WriteHeader(request, NbdCommand.Write, offset, length);
            DiskPattern.Fill(request.AsSpan(Nbd.RequestBytes, length), (ulong)offset);
            Handshake.Send(socket, request.AsSpan(0, Nbd.RequestBytes + length));
            Handshake.ReceiveAll(socket, reply);
            uint error = BinaryPrimitives.ReadUInt32BigEndian(reply.AsSpan(4));
            if (error != 0)
                throw new LoadException($"the disk cannot be filled at {offset}: {(NbdError)error}");
        }

        WriteHeader(request, NbdCommand.Disconnect, 0, 0);
        Handshake.Send(socket, request.AsSpan(0, Nbd.RequestBytes));
        _ = Libc.Close(socket);   // All that was sent is answered.
    }

    private static void WriteHeader(byte[] request, NbdCommand command, long offset, int length)
    {
        BinaryPrimitives.WriteUInt32BigEndian(request, Nbd.RequestMagic);
        BinaryPrimitives.WriteUInt32BigEndian(request.AsSpan(4), (uint)command);
        BinaryPrimitives.WriteUInt64BigEndian(request.AsSpan(8), 1);
        BinaryPrimitives.WriteInt64BigEndian(request.AsSpan(16), offset);
        BinaryPrimitives.WriteInt32BigEndian(request.AsSpan(24), length);
    }
}
