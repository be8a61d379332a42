// STRUCTURED_REPLY and EXTENDED_HEADERS: the form of requests and replies. Not: the forms (Protocol).

using System;
using NbdFast.Protocol;

namespace NbdFast.Handshake;

/// <summary>NBD_OPT_STRUCTURED_REPLY and NBD_OPT_EXTENDED_HEADERS.</summary>
internal static class ReplyModeOption
{
    public static OptionOutcome Handle(HandshakeContext context, NbdOption option, ReadOnlySpan<byte> data)
    {
        if (!data.IsEmpty)
            return context.Refuse(option, NbdReply.ErrInvalid, "the option has no data");
        if (context.Policy.NoStructuredReplies)
            return context.Refuse(option, NbdReply.ErrUnsupported, "structured replies are disabled on this server");

        bool isExtended = context.State.Mode == ReplyMode.Extended;
        if (option == NbdOption.StructuredReply && isExtended)
            return context.Refuse(
                option, NbdReply.ErrExtendedHeaderRequired, "extended headers are negotiated already");
        if (option == NbdOption.ExtendedHeaders && isExtended)
            return context.Refuse(option, NbdReply.ErrInvalid, "extended headers are negotiated already");

        string form = option == NbdOption.ExtendedHeaders ? "extended headers" : "structured replies";
        Log.Debug($"newstyle negotiation: {WireName.Of(option)}: client requested {form}");
        context.State.Mode = option == NbdOption.ExtendedHeaders ? ReplyMode.Extended : ReplyMode.Structured;
        context.Reply(option, NbdReply.Ack);
        return OptionOutcome.Continue;
    }
}
