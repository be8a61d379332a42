// The beginning of the newstyle handshake. Not: the options (OptionLoop).

using System;
using System.Buffers.Binary;
using NbdFast.Protocol;

namespace NbdFast.Handshake;

/// <summary>Newstyle negotiation, fixed or plain.</summary>
internal static class Newstyle
{
    private const HandshakeFlags Supported = HandshakeFlags.FixedNewstyle | HandshakeFlags.NoZeroes;

    /// <summary>Greets and negotiates.</summary>
    /// <returns>True if the context's export is open and requests follow.</returns>
    public static bool Run(HandshakeContext context)
    {
        HandshakeFlags flags = Supported & (HandshakeFlags)(ushort)context.Policy.Mask;
        Log.Debug($"newstyle negotiation: flags: global 0x{(ushort)flags:x}");
        context.State.ServerFlags = flags;
        Greet(context, flags);

        if (!context.Input.FillTo(context.Wire, sizeof(uint)))
            return false;
        uint answer = BinaryPrimitives.ReadUInt32BigEndian(context.Input.Available);
        context.Input.Consume(sizeof(uint));
        Log.Debug($"newstyle negotiation: client flags: 0x{answer:x}");
        if ((answer & ~(uint)flags) != 0)
        {
            Log.Error($"newstyle negotiation: unknown client flags 0x{answer:x}");
            return false;
        }

        context.State.ClientFlags = (HandshakeFlags)answer;
        return OptionLoop.Run(context);
    }

    private static void Greet(HandshakeContext context, HandshakeFlags flags)
    {
        const int Length = sizeof(ulong) + sizeof(ulong) + sizeof(ushort);
        Span<byte> greeting = context.Output.Enter(1, Length).Append(Length);
        BinaryPrimitives.WriteUInt64BigEndian(greeting, Nbd.Magic);
        BinaryPrimitives.WriteUInt64BigEndian(greeting[8..], Nbd.OptionMagic);
        BinaryPrimitives.WriteUInt16BigEndian(greeting[16..], (ushort)flags);
        context.Output.Leave();
        context.Output.Flush();
    }
}
