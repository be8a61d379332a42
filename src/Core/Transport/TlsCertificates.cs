// A folder of X.509 certificates as nbdkit has it. Not: checking certificates (GnuTLS does).

using System;
using System.Collections.Generic;
using System.IO;
using NbdFast.Native;

namespace NbdFast.Transport;

/// <summary>A folder with the files that a server needs ("TLS with X.509 certificates" in nbdkit-tls(1)).</summary>
internal sealed class TlsCertificates
{
    private const string AuthorityFile = "ca-cert.pem";
    private const string RevokedFile = "ca-crl.pem";

    private readonly string _folder;

    private TlsCertificates(string folder) => _folder = folder;

    /// <summary>Looks for the files.</summary>
    /// <param name="folders">Where to look, in this order.</param>
    /// <returns>The first folder that has the certificate of an authority, the server's and its key, all of which can
    /// be read; or null.</returns>
    public static TlsCertificates? Find(IEnumerable<string> folders)
    {
        foreach (string folder in folders)
            if (CanRead(Path.Combine(folder, AuthorityFile)) && CanRead(CertificateFile(folder, null))
                && CanRead(KeyFile(folder, null)))
                return new TlsCertificates(folder);
        return null;
    }

    /// <summary>Loads them.</summary>
    /// <exception cref="ConfigException">A file is damaged, or a key does not fit.</exception>
    public TlsCredentials Load()
    {
        int code = TlsCredentials.TryMakeCertificates(out TlsCredentials? credentials);
        TlsContext.Require(code, "allocating credentials");
        string authority = Path.Combine(_folder, AuthorityFile);
        TlsContext.Require(credentials!.Trust(authority), $"loading CA certificate ({authority})");
        Add(credentials, null);
        // Some count from 0 and some from 1.
        for (int number = 0; number == 0 || CanRead(CertificateFile(_folder, number)); number++)
            if (CanRead(CertificateFile(_folder, number)))
                Add(credentials, number);
        string revoked = Path.Combine(_folder, RevokedFile);
        if (CanRead(revoked))
            TlsContext.Require(credentials.Revoke(revoked), $"loading certificate revocation list ({revoked})");
        Log.Debug($"successfully loaded TLS certificates from {_folder}");
        return credentials;
    }

    private void Add(TlsCredentials credentials, int? number)
    {
        string certificate = CertificateFile(_folder, number), key = KeyFile(_folder, number);
        TlsContext.Require(
            credentials.Add(certificate, key), $"loading server certificate and key ({certificate}, {key})");
    }

    private static string CertificateFile(string folder, int? number) =>
        Path.Combine(folder, FormattableString.Invariant($"server-cert{Suffix(number)}.pem"));

    private static string KeyFile(string folder, int? number) =>
        Path.Combine(folder, FormattableString.Invariant($"server-key{Suffix(number)}.pem"));

    private static string Suffix(int? number) => number == null ? "" : FormattableString.Invariant($"-{number}");

    private static bool CanRead(string path)
    {
        int descriptor = Libc.OpenExisting(path, forWriting: false);
        if (descriptor < 0)
            return false;
        Libc.Close(descriptor);
        return true;
    }
}
