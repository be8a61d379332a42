// TLS as a client of other servers wants it: what it shows, whom it trusts. Not: a connection (Transport/TlsWire).

using System;
using System.IO;
using NbdFast.Buffers;
using NbdFast.Native;
using NbdFast.Transport;

namespace NbdFast.Client;

/// <summary>What the encrypted connections to a server share. Files are read when it is made.</summary>
public sealed class ClientTls : IDisposable
{
    private const string AuthorityFile = "ca-cert.pem";
    private const string CertificateFile = "client-cert.pem";
    private const string KeyFile = "client-key.pem";
    private const string RevokedFile = "ca-crl.pem";

    private readonly TlsCredentials _credentials;
    private readonly TlsPriority _priority;

    private ClientTls(TlsCredentials credentials, TlsPriority priority) =>
        (_credentials, _priority) = (credentials, priority);

    /// <summary>There is no connection without.</summary>
    public required bool IsRequired { get; init; }

    /// <summary>The server's certificate is verified.</summary>
    public required bool VerifiesPeer { get; init; }

    /// <summary>The name that the certificate must bear, or null: that of the address.</summary>
    public string? HostName { get; init; }

    /// <summary>With a key of a file of pre-shared keys.</summary>
    /// <param name="path">The file, with lines of USER:KEY.</param>
    /// <param name="user">Whose key, or null: who runs this process.</param>
    /// <param name="priority">The priority string, or null.</param>
    /// <param name="isRequired">See <see cref="IsRequired"/>.</param>
    /// <exception cref="ConfigException">The library or the file cannot be used, or has no such user.</exception>
    public static ClientTls OfKeys(string path, string? user, string? priority, bool isRequired)
    {
        TlsContext.Load();
        user ??= Environment.UserName;
        string key = FindKey(path, user)
            ?? throw new ConfigException($"{path}: there is no pre-shared key of user '{user}'");
        int code = TlsCredentials.TryMakeClientKey(
            user, System.Text.Encoding.UTF8.GetBytes(key), out TlsCredentials? credentials);
        TlsContext.Require(code, $"loading the pre-shared key of user '{user}' ({path})");
        return new ClientTls(credentials!, ParsePriority(priority, TlsContext.PreSharedKeyExchanges))
        { IsRequired = isRequired, VerifiesPeer = false };
    }

    /// <summary>With certificates.</summary>
    /// <param name="folder">Where <c>ca-cert.pem</c> is, and <c>client-cert.pem</c> with <c>client-key.pem</c> if the
    /// server wants to know who comes; or null: the folders of libnbd(3), or the authorities that the system
    /// trusts.</param>
    /// <param name="priority">The priority string, or null.</param>
    /// <param name="isRequired">See <see cref="IsRequired"/>.</param>
    /// <param name="verifiesPeer">See <see cref="VerifiesPeer"/>.</param>
    /// <param name="hostName">See <see cref="HostName"/>.</param>
    /// <exception cref="ConfigException">The library or a file cannot be used.</exception>
    public static ClientTls OfCertificates(
        string? folder, string? priority, bool isRequired, bool verifiesPeer, string? hostName)
    {
        TlsContext.Load();
        TlsContext.Require(
            TlsCredentials.TryMakeCertificates(out TlsCredentials? credentials), "allocating credentials");
        folder ??= FindFolder();
        if (folder == null)
            TlsContext.Require(credentials!.TrustSystem(), "loading the system's CA certificates");
        else
            Load(credentials!, folder);
        return new ClientTls(credentials!, ParsePriority(priority, ""))
        { IsRequired = isRequired, VerifiesPeer = verifiesPeer, HostName = hostName };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _priority.Dispose();
        _credentials.Dispose();
    }

    /// <summary>Begins TLS on a connection: what follows is the handshake.</summary>
    /// <exception cref="RemoteException">There is no memory for it.</exception>
    internal TlsWire Begin(IWire plain, string? host, BufferPool pool)
    {
        int code = TlsSession.TryMakeClient(
            _credentials, _priority, HostName ?? host, VerifiesPeer, out TlsSession? session);
        if (code == 0)
            return new TlsWire(plain, session!, pool);
        session?.Dispose();
        throw new RemoteException(Errno.EIO, $"gnutls_init: {GnuTls.Text(code)}");
    }

    private static void Load(TlsCredentials credentials, string folder)
    {
        string authority = Path.Combine(folder, AuthorityFile);
        TlsContext.Require(credentials.Trust(authority), $"loading CA certificate ({authority})");
        string certificate = Path.Combine(folder, CertificateFile), key = Path.Combine(folder, KeyFile);
        if (File.Exists(certificate) && File.Exists(key))
            TlsContext.Require(
                credentials.Add(certificate, key), $"loading client certificate and key ({certificate}, {key})");
        string revoked = Path.Combine(folder, RevokedFile);
        if (File.Exists(revoked))
            TlsContext.Require(credentials.Revoke(revoked), $"loading certificate revocation list ({revoked})");
    }

    private static string? FindFolder()
    {
        string? home = Environment.GetEnvironmentVariable("HOME");
        string?[] folders = Libc.EffectiveUserId == 0
            ? ["/etc/pki/libnbd"]
            : home == null ? [] : [home + "/.pki/libnbd", home + "/.config/pki/libnbd"];
        return Array.Find(folders, folder => File.Exists(Path.Combine(folder!, AuthorityFile)));
    }

    private static string? FindKey(string path, string user)
    {
        int descriptor = Libc.OpenExisting(path, forWriting: false);
        if (descriptor < 0)
            throw new ConfigException($"{path}: {((Errno)(-descriptor)).Text()}");
        Libc.Close(descriptor);
        try
        {
            foreach (string line in File.ReadLines(path))
                if (line.StartsWith(user + ":", StringComparison.Ordinal))
                    return line[(user.Length + 1)..].Trim();
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ConfigException($"{path}: it is no file that can be read", exception);
        }
    }

    private static TlsPriority ParsePriority(string? given, string added)
    {
        string text = (given ?? TlsContext.DefaultPriority) + added;
        int code = TlsPriority.TryParse(text, out TlsPriority? priority, out _);
        TlsContext.Require(code, $"setting TLS session priority to {text}");
        return priority!;
    }
}
