// The oldstyle handshake: one message, nothing to negotiate. Not: newstyle.

using System;
using System.Buffers.Binary;
using NbdFast.Protocol;

namespace NbdFast.Handshake;

/// <summary>Oldstyle negotiation (<c>-o</c>): the default export is opened for whoever connects.</summary>
internal static class Oldstyle
{
    /// <summary>Opens the export and tells of it.</summary>
    /// <returns>True if requests follow.</returns>
    public static bool Run(HandshakeContext context)
    {
        if (context.Open("") != Errno.Ok)
            return false;
        context.Settle("");
        Log.Debug($"oldstyle negotiation: flags: global 0x0 export 0x{(ushort)context.State.Flags:x}");

        const int Length = 8 + 8 + 8 + 4 + Nbd.HandshakePaddingBytes;
        Span<byte> message = context.Output.Enter(1, Length).Append(Length);
        message.Clear();
        BinaryPrimitives.WriteUInt64BigEndian(message, Nbd.Magic);
        BinaryPrimitives.WriteUInt64BigEndian(message[8..], Nbd.OldstyleMagic);
        BinaryPrimitives.WriteUInt64BigEndian(message[16..], context.State.Size);
        BinaryPrimitives.WriteUInt32BigEndian(message[24..], (uint)context.State.Flags);
        context.Output.Leave();
        context.Conclude();
        context.Output.Flush();
        return true;
    }
}
