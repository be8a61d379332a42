// What --tls says. Not: TLS.

namespace NbdFast.Cli;

/// <summary>The values of <c>--tls</c>.</summary>
internal enum TlsChoice
{
    /// <summary>Never.</summary>
    Off,

    /// <summary>If the client wants it.</summary>
    On,

    /// <summary>For every client.</summary>
    Require,
}
