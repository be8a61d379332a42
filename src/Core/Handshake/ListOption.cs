// LIST: the names of exports. Not: what they are (GoOption).

using System;
using System.Buffers.Binary;
using System.Text;
using NbdFast.Protocol;

namespace NbdFast.Handshake;

/// <summary>NBD_OPT_LIST.</summary>
internal static class ListOption
{
    public static OptionOutcome Handle(HandshakeContext context, ReadOnlySpan<byte> data)
    {
        if (!data.IsEmpty)
            return context.Refuse(NbdOption.List, NbdReply.ErrInvalid, "the option has no data");

        ExportList exports = new();
        _ = Log.TakeLastError();
        if (context.Chain.ListExports(context.Client, exports, 0) != Errno.Ok)
            return context.Refuse(
                NbdOption.List, NbdReply.ErrPlatform, Log.TakeLastError() ?? "the exports cannot be listed");

        Log.Debug($"newstyle negotiation: NBD_OPT_LIST: advertising {exports.Count} export(s)");
        for (int i = 0; i < exports.Count; i++)
            ReplyServer(context, exports[i]);
        context.Reply(NbdOption.List, NbdReply.Ack);
        return OptionOutcome.Continue;
    }

    private static void ReplyServer(HandshakeContext context, ExportList.Entry export)
    {
        int nameBytes = Encoding.UTF8.GetByteCount(export.Name);
        int descriptionBytes = Encoding.UTF8.GetByteCount(export.Description ?? "");
        byte[] data = new byte[sizeof(uint) + nameBytes + descriptionBytes];
        BinaryPrimitives.WriteUInt32BigEndian(data, (uint)nameBytes);
        Encoding.UTF8.GetBytes(export.Name, data.AsSpan(sizeof(uint)));
        Encoding.UTF8.GetBytes(export.Description ?? "", data.AsSpan(sizeof(uint) + nameBytes));
        context.Reply(NbdOption.List, NbdReply.Server, data);
    }
}
