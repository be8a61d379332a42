// STARTTLS: refused as long as the server has no TLS. Not: the encryption.

using System;
using NbdFast.Protocol;

namespace NbdFast.Handshake;

/// <summary>NBD_OPT_STARTTLS.</summary>
internal static class StartTlsOption
{
    public static OptionOutcome Handle(HandshakeContext context, ReadOnlySpan<byte> data) => data.IsEmpty
        ? context.Refuse(NbdOption.StartTls, NbdReply.ErrPolicy, "TLS is not enabled on this server")
        : context.Refuse(NbdOption.StartTls, NbdReply.ErrInvalid, "the option has no data");
}
