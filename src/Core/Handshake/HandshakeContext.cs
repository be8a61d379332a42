// What the options of one handshake share. Not: the meaning of an option (one file each).

using System;
using System.Threading;
using NbdFast.Chain;
using NbdFast.Protocol;
using NbdFast.Transport;

namespace NbdFast.Handshake;

/// <summary>What goes on after an option.</summary>
internal enum OptionOutcome
{
    /// <summary>The next option follows.</summary>
    Continue,

    /// <summary>The export is open: requests follow.</summary>
    Transmit,

    /// <summary>The connection ends.</summary>
    Disconnect,
}

/// <summary>The policy of a handshake, from the command line.</summary>
/// <param name="ReadOnly">Exports are opened read-only.</param>
/// <param name="Mask">The handshake flags that may be advertised.</param>
/// <param name="NoStructuredReplies">Structured replies and all that needs them are declined.</param>
/// <param name="NoMetaContexts">Meta contexts are unknown.</param>
/// <param name="Tls">Encryption, or null if there is none.</param>
internal readonly record struct HandshakePolicy(
    bool ReadOnly, uint Mask, bool NoStructuredReplies, bool NoMetaContexts, TlsContext? Tls = null);

/// <summary>One client's handshake: its bytes, what was agreed on so far, and the chain to open.</summary>
internal sealed class HandshakeContext(
    IWire wire, ReceiveBuffer input, SendQueue output, HandshakePolicy policy, ChainConfig chain, ClientInfo client)
{
    private bool _concluded;

    /// <summary>The client's bytes; another wire once they are encrypted.</summary>
    public IWire Wire { get; private set; } = wire;

    public ReceiveBuffer Input => input;

    public SendQueue Output => output;

    public HandshakePolicy Policy => policy;

    public ChainConfig Chain => chain;

    public ClientInfo Client => client;

    public required Server.ConnectionState State { get; init; }

    /// <summary>The open export, once there is one.</summary>
    public OpenedLayers? Opened { get; private set; }

    /// <summary>All is agreed on: what is still to be sent of the handshake leads the client to the requests. Other
    /// threads may ask.</summary>
    public bool IsConcluded => Volatile.Read(ref _concluded);

    /// <summary>This client must begin TLS before anything else.</summary>
    public bool NeedsTls => policy.Tls is { IsRequired: true } && !client.IsTls;

    /// <summary>Lays encryption over the wire. What was agreed on before is forgotten: somebody between the two may
    /// have said it.</summary>
    public void Secure(TlsWire secured)
    {
        CloseExport();
        State.Forget();
        client.ExportName = "";
        Wire = secured;
        output.Use(secured);
        input.Clear();
    }

    /// <summary>Appends a reply to an option; it is sent when the option is dealt with.</summary>
    public void Reply(NbdOption option, NbdReply reply, ReadOnlySpan<byte> data = default)
    {
        if (reply == NbdReply.Ack)
            Log.Debug($"replying to {WireName.Of(option)} with NBD_REP_ACK");
        int length = Nbd.OptionReplyBytes + data.Length;
        Span<byte> target = output.Enter(1, length).Append(length);
        OptionHeader.WriteReply(target, option, reply, data.Length);
        data.CopyTo(target[Nbd.OptionReplyBytes..]);
        output.Leave();
    }

    /// <summary>Refuses an option, with a text for people, of which the protocol bears 4096 bytes.</summary>
    public OptionOutcome Refuse(NbdOption option, NbdReply error, string text)
    {
        Log.Debug($"newstyle negotiation: {WireName.Of(option)}: {text}");
        Span<byte> bytes = stackalloc byte[Nbd.MaximumStringBytes];
        Reply(option, error, bytes[..ErrorText.Encode(text, bytes)]);
        return OptionOutcome.Continue;
    }

    /// <summary>Opens an export; what was open before is closed.</summary>
    public Errno Open(string exportName)
    {
        CloseExport();
        client.ExportName = exportName;
        OpenRequest request = new(client, exportName, policy.ReadOnly);
        Errno errno = ChainOpener.Open(chain, 0, request, out OpenedLayers? opened);
        Opened = errno == Errno.Ok ? opened : null;
        return errno;
    }

    /// <summary>Closes the export that was opened for a question only.</summary>
    /// <returns>False if the last I/O failed: the connection must end.</returns>
    public bool CloseExport()
    {
        OpenedLayers? opened = Opened;
        Opened = null;
        if (opened == null)
            return true;
        Errno errno = opened.Finish();
        opened.Dispose();
        return errno == Errno.Ok;
    }

    /// <summary>The client has its export. Called before it is told: from then on it counts on being served.</summary>
    public void Conclude() => Volatile.Write(ref _concluded, true);

    /// <summary>Settles what requests are judged by; called when the export is open.</summary>
    public void Settle(string exportName)
    {
        ref readonly ExportInfo info = ref Opened!.Info;
        Server.ConnectionState state = State;
        state.ExportName = exportName;
        state.Size = info.Size;
        // Contexts are bound to the export they were set for.
        state.HasAllocation = state.ContextExport == exportName;
        state.Flags = TransmissionFlagsOf.Export(info, state.Mode, state.HasAllocation);
    }
}
