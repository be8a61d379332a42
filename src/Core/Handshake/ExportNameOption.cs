// EXPORT_NAME: choose an export, the old way, without a word when it fails. Not: GO.

using System;
using System.Buffers.Binary;
using NbdFast.Protocol;

namespace NbdFast.Handshake;

/// <summary>NBD_OPT_EXPORT_NAME.</summary>
internal static class ExportNameOption
{
    private const int AnswerBytes = sizeof(ulong) + sizeof(ushort);

    public static OptionOutcome Handle(HandshakeContext context, ReadOnlySpan<byte> data)
    {
        if (!OptionData.TryDecode(data, out string name))
        {
            Log.Error("newstyle negotiation: EXPORT_NAME: bad export name");
            return OptionOutcome.Disconnect;
        }

        Log.Debug($"newstyle negotiation: NBD_OPT_EXPORT_NAME: client requested export '{name}'");
        if (context.Open(name) != Errno.Ok)
            return OptionOutcome.Disconnect;
        context.Settle(name);
        Log.Debug($"newstyle negotiation: flags: export 0x{(ushort)context.State.Flags:x}");
        Answer(context);
        return OptionOutcome.Transmit;
    }

    private static void Answer(HandshakeContext context)
    {
        bool noZeroes = (context.State.ClientFlags & HandshakeFlags.NoZeroes) != 0;
        int length = AnswerBytes + (noZeroes ? 0 : Nbd.HandshakePaddingBytes);
        Span<byte> answer = context.Output.Enter(1, length).Append(length);
        answer.Clear();
        BinaryPrimitives.WriteUInt64BigEndian(answer, context.State.Size);
        BinaryPrimitives.WriteUInt16BigEndian(answer[sizeof(ulong)..], (ushort)context.State.Flags);
        context.Output.Leave();
    }
}
