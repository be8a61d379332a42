// Receives options and hands each to its file. Not: what an option means.

using System;
using NbdFast.Protocol;

namespace NbdFast.Handshake;

/// <summary>Option haggling, bounded in the number and the size of options.</summary>
internal static class OptionLoop
{
    /// <summary>The most options in one handshake: listing tools ask about each export on one connection.</summary>
    public const int MaximumOptions = 2 * ExportList.MaximumCount;

    /// <summary>The most data bytes of an option that is looked at; more is TOO_BIG.</summary>
    public const int MaximumDataBytes = 64 << 10;

    /// <summary>The most data bytes that are read and dropped; beyond it the client is disconnected.</summary>
    public const int MaximumSkippedBytes = 16 << 20;

    /// <summary>Runs until the client chose an export or goes.</summary>
    /// <returns>True if the context's export is open and requests follow.</returns>
    public static bool Run(HandshakeContext context)
    {
        for (int count = 0; count < MaximumOptions; count++)
        {
            OptionOutcome outcome = Next(context);
            if (outcome == OptionOutcome.Transmit)
                context.Conclude();
            context.Output.Flush();
            if (outcome != OptionOutcome.Continue)
                return outcome == OptionOutcome.Transmit;
        }

        Log.Error("client sent too many options");
        return false;
    }

    private static OptionOutcome Next(HandshakeContext context)
    {
        if (!context.Input.FillTo(context.Wire, Nbd.OptionHeaderBytes))
            return OptionOutcome.Disconnect;
        if (!OptionHeader.TryParse(context.Input.Available, out OptionHeader header))
        {
            Log.Error("newstyle negotiation: wrong option magic");
            return OptionOutcome.Disconnect;
        }

        context.Input.Consume(Nbd.OptionHeaderBytes);
        if (IsForbiddenByMask(context, header.Option))
            return OptionOutcome.Disconnect;
        if (context.NeedsTls && header.Option is not (NbdOption.StartTls or NbdOption.Abort))
            return WithoutTls(context, header);
        if (header.Length > MaximumDataBytes)
            return TooBig(context, header);
        if (!context.Input.FillTo(context.Wire, (int)header.Length))
            return OptionOutcome.Disconnect;

        OptionOutcome outcome = Dispatch(context, header.Option, context.Input.Available[..(int)header.Length]);
        context.Input.Consume((int)header.Length);
        return outcome;
    }

    private static OptionOutcome Dispatch(HandshakeContext context, NbdOption option, ReadOnlySpan<byte> data)
    {
        switch (option)
        {
            case NbdOption.ExportName:
                return ExportNameOption.Handle(context, data);
            case NbdOption.Abort:
                context.Reply(option, NbdReply.Ack);
                return OptionOutcome.Disconnect;
            case NbdOption.List:
                return ListOption.Handle(context, data);
            case NbdOption.StartTls:
                return StartTlsOption.Handle(context, data);
            case NbdOption.Info or NbdOption.Go:
                return GoOption.Handle(context, option, data);
            case NbdOption.StructuredReply or NbdOption.ExtendedHeaders:
                return ReplyModeOption.Handle(context, option, data);
            case NbdOption.ListMetaContext or NbdOption.SetMetaContext:
                return MetaContextOption.Handle(context, option, data);
            default:
                return context.Refuse(option, NbdReply.ErrUnsupported, "unknown option");
        }
    }

    // Without fixed newstyle no option but EXPORT_NAME has an answer.
    private static bool IsForbiddenByMask(HandshakeContext context, NbdOption option)
    {
        if (option == NbdOption.ExportName || (context.State.ServerFlags & HandshakeFlags.FixedNewstyle) != 0)
            return false;
        Log.Error($"newstyle negotiation: option {WireName.Of(option)} needs fixed newstyle, which was not offered");
        return true;
    }

    // EXPORT_NAME cannot be refused in words.
    private static OptionOutcome WithoutTls(HandshakeContext context, OptionHeader header)
    {
        const string Needed = "the server requires TLS";
        if (header.Option == NbdOption.ExportName || header.Length > MaximumSkippedBytes)
        {
            Log.Error($"newstyle negotiation: {WireName.Of(header.Option)}: {Needed}: closing the connection");
            return OptionOutcome.Disconnect;
        }

        return context.Input.Skip(context.Wire, header.Length)
            ? context.Refuse(header.Option, NbdReply.ErrTlsRequired, Needed)
            : OptionOutcome.Disconnect;
    }

    private static OptionOutcome TooBig(HandshakeContext context, OptionHeader header)
    {
        if (header.Option == NbdOption.ExportName || header.Length > MaximumSkippedBytes)
        {
            Log.Error($"newstyle negotiation: option {WireName.Of(header.Option)} with {header.Length} bytes of data");
            return OptionOutcome.Disconnect;
        }

        if (!context.Input.Skip(context.Wire, header.Length))
            return OptionOutcome.Disconnect;
        return context.Refuse(header.Option, NbdReply.ErrTooBig, "too much data");
    }
}
