// STARTTLS: from here on everything is encrypted. Not: the encryption (Transport/TlsWire).

using System;
using NbdFast.Diagnostics;
using NbdFast.Native;
using NbdFast.Protocol;
using NbdFast.Transport;

namespace NbdFast.Handshake;

/// <summary>NBD_OPT_STARTTLS.</summary>
internal static class StartTlsOption
{
    public static OptionOutcome Handle(HandshakeContext context, ReadOnlySpan<byte> data)
    {
        if (!data.IsEmpty)
            return context.Refuse(NbdOption.StartTls, NbdReply.ErrInvalid, "the option has no data");
        if (context.Client.IsTls)
            return context.Refuse(NbdOption.StartTls, NbdReply.ErrInvalid, "TLS has begun already");
        if (context.Policy.Tls is not { } tls)
            return context.Refuse(NbdOption.StartTls, NbdReply.ErrPolicy, "TLS is not enabled on this server");

        context.Reply(NbdOption.StartTls, NbdReply.Ack);
        context.Output.Flush();
        TlsWire? wire = tls.Begin(context.Wire, context.Input.Pool);
        if (wire == null)
            return OptionOutcome.Disconnect;
        // What stands behind the option is the client's part of the TLS handshake, whatever it is: nothing of it can
        // pass for an option that was encrypted.
        byte[] behind = context.Input.Available.ToArray();
        context.Secure(wire);
        Log.Debug($"starting TLS handshake");
        return ShakeHands(wire, behind) ? Settle(context, wire, tls) : OptionOutcome.Disconnect;
    }

    private static bool ShakeHands(TlsWire wire, byte[] behind)
    {
        int code = wire.Handshake(behind);
        if (code == TlsWire.Gone)
            Log.Error("gnutls_handshake: the client has gone");
        else if (code != 0)
            Log.Error($"gnutls_handshake: {GnuTls.Text(code)}{Fault(wire)}");
        return code == 0;
    }

    private static string Fault(TlsWire wire) => wire.Session.PeerFault is { Length: > 0 } fault ? $" ({fault})" : "";

    private static OptionOutcome Settle(HandshakeContext context, TlsWire wire, TlsContext tls)
    {
        TlsSession session = wire.Session;
        Log.Debug($"TLS handshake completed");
        ClientInfo client = context.Client;
        client.IsTls = true;
        if (!session.IsPreShared && session.GetPeer(out string name, out string issuer, out _) > 0 && tls.VerifiesPeer)
            (client.TlsDistinguishedName, client.TlsIssuerDistinguishedName) = (name, issuer);
        if (DebugFlags.TlsSession)
            Describe(session);
        Log.Debug($"using TLS on this connection");
        return OptionOutcome.Continue;
    }

    private static void Describe(TlsSession session)
    {
        Log.Debug($"TLS session: {session.Description}");
        if (session.IsPreShared)
        {
            Log.Debug($"TLS: authentication: PSK (Pre-Shared Key)");
            Log.Debug($"TLS: PSK username: {session.PreSharedUser}");
        }
        else
        {
            Log.Debug($"TLS: authentication: certificate");
            int count = session.GetPeer(out _, out _, out string line);
            Log.Debug($"TLS: peer provided {count} certificate(s)");
            if (count > 0)
                Log.Debug($"TLS: {line}");
        }

        if (session.Group is { Length: > 0 } group)
            Log.Debug($"TLS: negotiated group: {group}");
    }
}
