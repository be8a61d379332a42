// INFO and GO: tell of an export, and with GO begin to serve it. Not: the list of exports.

using System;
using System.Buffers.Binary;
using System.Text;
using NbdFast.Protocol;

namespace NbdFast.Handshake;

/// <summary>NBD_OPT_INFO and NBD_OPT_GO.</summary>
internal static class GoOption
{
    public static OptionOutcome Handle(HandshakeContext context, NbdOption option, ReadOnlySpan<byte> data)
    {
        OptionData reader = new(data);
        if (!reader.TryReadString(out string name) || !TryReadWishes(ref reader, out Wishes wishes))
            return context.Refuse(option, NbdReply.ErrInvalid, "the option's data is malformed");

        string label = option == NbdOption.Go ? "NBD_OPT_GO" : "NBD_OPT_INFO";
        Log.Debug($"newstyle negotiation: {label}: client requested export '{name}'");
        _ = Log.TakeLastError();
        Errno errno = context.Open(name);
        if (errno != Errno.Ok)
            return context.Refuse(option, ErrorFor(errno), Log.TakeLastError() ?? $"cannot open export '{name}'");

        context.Settle(name);
        Log.Debug($"newstyle negotiation: flags: export 0x{(ushort)context.State.Flags:x}");
        ReplyExport(context, option);
        if ((wishes & Wishes.Name) != 0)
            ReplyText(context, option, NbdInfo.Name, context.Opened!.ExportName);
        if ((wishes & Wishes.Description) != 0 && context.Opened!.Info.Description is { } description)
            ReplyText(context, option, NbdInfo.Description, description);
        if ((wishes & Wishes.BlockSize) != 0)
            ReplyBlockSize(context, option);

        if (option == NbdOption.Info && !context.CloseExport())
            return OptionOutcome.Disconnect;
        context.Reply(option, NbdReply.Ack);
        return option == NbdOption.Go ? OptionOutcome.Transmit : OptionOutcome.Continue;
    }

    private static NbdReply ErrorFor(Errno errno) => errno switch
    {
        Errno.EPERM or Errno.EACCES => NbdReply.ErrPolicy,
        Errno.ESHUTDOWN => NbdReply.ErrShutdown,
        _ => NbdReply.ErrUnknown,
    };

    private static bool TryReadWishes(ref OptionData reader, out Wishes wishes)
    {
        wishes = Wishes.None;
        if (!reader.TryReadUInt16(out ushort count))
            return false;
        for (int i = 0; i < count; i++)
        {
            if (!reader.TryReadUInt16(out ushort info))
                return false;
            wishes |= (NbdInfo)info switch
            {
                NbdInfo.Name => Wishes.Name,
                NbdInfo.Description => Wishes.Description,
                NbdInfo.BlockSize => Wishes.BlockSize,
                _ => Wishes.None,   // Unknown ones are ignored; EXPORT is always told.
            };
        }

        return reader.IsAtEnd;
    }

    private static void ReplyExport(HandshakeContext context, NbdOption option)
    {
        Span<byte> data = stackalloc byte[12];
        BinaryPrimitives.WriteUInt16BigEndian(data, (ushort)NbdInfo.Export);
        BinaryPrimitives.WriteUInt64BigEndian(data[2..], context.State.Size);
        BinaryPrimitives.WriteUInt16BigEndian(data[10..], (ushort)context.State.Flags);
        context.Reply(option, NbdReply.Info, data);
    }

    private static void ReplyText(HandshakeContext context, NbdOption option, NbdInfo info, string text)
    {
        byte[] data = new byte[sizeof(ushort) + Encoding.UTF8.GetByteCount(text)];
        BinaryPrimitives.WriteUInt16BigEndian(data, (ushort)info);
        Encoding.UTF8.GetBytes(text, data.AsSpan(sizeof(ushort)));
        context.Reply(option, NbdReply.Info, data);
    }

    private static void ReplyBlockSize(HandshakeContext context, NbdOption option)
    {
        ref readonly ExportInfo info = ref context.Opened!.Info;
        if (info.BlockMinimum == 0)
        {
            Log.Debug(
                $"newstyle negotiation: {WireName.Of(option)}: NBD_INFO_BLOCK_SIZE: nobody provides block sizes");
            return;
        }

        Span<byte> data = stackalloc byte[14];
        BinaryPrimitives.WriteUInt16BigEndian(data, (ushort)NbdInfo.BlockSize);
        BinaryPrimitives.WriteUInt32BigEndian(data[2..], info.BlockMinimum);
        BinaryPrimitives.WriteUInt32BigEndian(data[6..], info.BlockPreferred);
        BinaryPrimitives.WriteUInt32BigEndian(data[10..], info.BlockMaximum);
        context.Reply(option, NbdReply.Info, data);
    }

    [Flags]
    private enum Wishes
    {
        None = 0,
        Name = 1,
        Description = 2,
        BlockSize = 4,
    }
}
