// TLS as the server offers it: what it shows, what it allows, whom it lets in. Not: a connection (TlsWire), options
// (Cli).

using System;
using System.Runtime.Intrinsics.X86;
using NbdFast.Buffers;
using NbdFast.Diagnostics;
using NbdFast.Native;

namespace NbdFast.Transport;

/// <summary>What the encrypted connections of a server share.</summary>
internal sealed class TlsContext : IDisposable
{
    /// <summary>The priority string where the user gives none: the library's "NORMAL", without the versions that the
    /// protocol of NBD wants nobody to use by default. In it the cipher that is fastest without the help of the
    /// processor comes before one that is fastest with it; both are safe.</summary>
    public static readonly string DefaultPriority = "NORMAL:-VERS-TLS1.1:-VERS-TLS1.0"
        + (Aes.IsSupported || System.Runtime.Intrinsics.Arm.Aes.IsSupported
            ? ":%SERVER_PRECEDENCE:-CHACHA20-POLY1305:+CHACHA20-POLY1305"
            : "");

    /// <summary>What a priority string needs besides for pre-shared keys.</summary>
    public const string PreSharedKeyExchanges = ":+ECDHE-PSK:+DHE-PSK:+PSK";

    private readonly TlsCredentials _credentials;
    private readonly TlsPriority _priority;

    private TlsContext(TlsCredentials credentials, TlsPriority priority) =>
        (_credentials, _priority) = (credentials, priority);

    /// <summary>Clients that do not want TLS are refused.</summary>
    public required bool IsRequired { get; init; }

    /// <summary>Clients must show a certificate that a trusted authority issued. Pre-shared keys prove more.</summary>
    public required bool VerifiesPeer { get; init; }

    /// <summary>Makes a context of a folder of certificates.</summary>
    /// <exception cref="ConfigException">The library is missing, a file is wrong, or the priority string
    /// is.</exception>
    public static TlsContext OfCertificates(
        TlsCertificates certificates, string? priority, bool isRequired, bool verifiesPeer)
    {
        Load();
        TlsCredentials credentials = certificates.Load();
        TlsContext context = new(credentials, ParsePriority(priority, ""))
        { IsRequired = isRequired, VerifiesPeer = verifiesPeer };
        Log.Debug($"TLS enabled using: X.509 certificates");
        return context;
    }

    /// <summary>Makes a context of a file of pre-shared keys.</summary>
    /// <param name="path">Absolute.</param>
    /// <param name="priority">What the user allows, or null.</param>
    /// <param name="isRequired">See <see cref="IsRequired"/>.</param>
    /// <exception cref="ConfigException">The library is missing, the file cannot be read, or the priority string is
    /// wrong.</exception>
    public static TlsContext OfPreSharedKeys(string path, string? priority, bool isRequired)
    {
        // The library looks at it when a client comes.
        int descriptor = Libc.OpenExisting(path, forWriting: false);
        if (descriptor < 0)
            throw new ConfigException($"{path}: {((Errno)(-descriptor)).Text()}");
        Libc.Close(descriptor);
        Load();
        Require(TlsCredentials.TryMakePreShared(path, out TlsCredentials? credentials), "loading pre-shared keys");
        TlsContext context = new(credentials!, ParsePriority(priority, PreSharedKeyExchanges))
        { IsRequired = isRequired, VerifiesPeer = false };
        Log.Debug($"TLS enabled using: Pre-Shared Keys (PSK)");
        return context;
    }

    /// <summary>Begins TLS on a connection: what follows is the handshake.</summary>
    /// <returns>The wire to use from now on, or null if there is no memory for it.</returns>
    public TlsWire? Begin(IWire plain, BufferPool pool)
    {
        int code = TlsSession.TryMake(_credentials, _priority, VerifiesPeer, out TlsSession? session);
        if (code == 0)
            return new TlsWire(plain, session!, pool);
        Log.Error($"gnutls_init: {GnuTls.Text(code)}");
        session?.Dispose();
        return null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _priority.Dispose();
        _credentials.Dispose();
    }

    /// <summary>Ends the start if the library reported a failure.</summary>
    /// <exception cref="ConfigException">It did.</exception>
    internal static void Require(int code, string what)
    {
        if (code < 0)
            throw new ConfigException($"GnuTLS error: {what}: {GnuTls.Text(code)}");
    }

    /// <summary>Loads the library.</summary>
    /// <exception cref="ConfigException">It is missing.</exception>
    internal static void Load()
    {
        if (!GnuTls.TryLoad())
            throw new ConfigException(
                $"TLS needs the library {GnuTls.Library} (GnuTLS {GnuTls.OldestVersion} or later), which cannot be "
                + "loaded; --tls=off does without");
        if (DebugFlags.TlsLog > 0)
            GnuTls.LogTo(DebugFlags.TlsLog, (level, text) => Log.Debug($"gnutls: {level}: {text}"));
    }

    private static TlsPriority ParsePriority(string? given, string added)
    {
        string text = (given ?? DefaultPriority) + added;
        int code = TlsPriority.TryParse(text, out TlsPriority? priority, out int position);
        if (code != 0)
            throw new ConfigException(
                $"--tls-priority: failed to set TLS session priority to {text}: {GnuTls.Text(code)} (at "
                + $"'{text[Math.Min(position, text.Length)..]}')");
        return priority!;
    }
}
