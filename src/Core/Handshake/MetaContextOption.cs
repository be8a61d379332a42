// LIST_META_CONTEXT and SET_META_CONTEXT: base:allocation is all there is. Not: block status itself.

using System;
using System.Buffers.Binary;
using System.Text;
using NbdFast.Protocol;

namespace NbdFast.Handshake;

/// <summary>NBD_OPT_LIST_META_CONTEXT and NBD_OPT_SET_META_CONTEXT.</summary>
internal static class MetaContextOption
{
    private const string BaseNamespace = "base:";

    public static OptionOutcome Handle(HandshakeContext context, NbdOption option, ReadOnlySpan<byte> data)
    {
        if (context.Policy.NoMetaContexts || context.Policy.NoStructuredReplies)
            return context.Refuse(option, NbdReply.ErrUnsupported, "meta contexts are disabled on this server");
        bool sets = option == NbdOption.SetMetaContext;
        if (sets)
            context.State.ContextExport = null;   // Whatever comes of it, the former selection is gone.
        if (context.State.Mode == ReplyMode.Simple)
            return context.Refuse(option, NbdReply.ErrInvalid, "structured replies must be negotiated first");

        OptionData reader = new(data);
        if (!reader.TryReadString(out string name) || !TryMatch(ref reader, sets, out bool matches))
            return context.Refuse(option, NbdReply.ErrInvalid, "the option's data is malformed");

        Log.Debug($"newstyle negotiation: {WireName.Of(option)}: client requested export '{name}'");
        if (matches)
            ReplyContext(context, option, sets ? Nbd.AllocationContextId : 0);
        if (matches && sets)
            context.State.ContextExport = name;
        context.Reply(option, NbdReply.Ack);
        return OptionOutcome.Continue;
    }

    // A list without queries asks for everything, and "base:" for everything in that namespace; a set selects by full
    // name only ("Metadata querying" in the protocol).
    private static bool TryMatch(ref OptionData reader, bool sets, out bool matches)
    {
        matches = false;
        if (!reader.TryReadUInt32(out uint count))
            return false;
        matches = count == 0 && !sets;
        for (uint i = 0; i < count; i++)
        {
            if (!reader.TryReadString(out string query))
                return false;
            matches |= query == Nbd.AllocationContext || (!sets && query == BaseNamespace);
        }

        return reader.IsAtEnd;
    }

    private static void ReplyContext(HandshakeContext context, NbdOption option, uint id)
    {
        Log.Debug($"newstyle negotiation: {WireName.Of(option)}: replying with {Nbd.AllocationContext} id {id}");
        byte[] data = new byte[sizeof(uint) + Nbd.AllocationContext.Length];
        BinaryPrimitives.WriteUInt32BigEndian(data, id);
        Encoding.ASCII.GetBytes(Nbd.AllocationContext, data.AsSpan(sizeof(uint)));
        context.Reply(option, NbdReply.MetaContext, data);
    }
}
