// What a server shows and checks: certificates, or a file of pre-shared keys. Not: where the files are
// (Transport/TlsCertificates), what a client has besides (TlsCredentials.Client).

using System;
using System.Runtime.InteropServices;
using System.Text;

namespace NbdFast.Native;

/// <summary>Credentials of GnuTLS. Sessions share them and only read.</summary>
internal sealed unsafe partial class TlsCredentials : IDisposable
{
    private const int Certificate = 1;   // gnutls_credentials_type_t
    private const int PreSharedKey = 4;
    private const int Pem = 1;           // gnutls_x509_crt_fmt_t
    private const int Medium = 35;       // gnutls_sec_param_t

    private readonly int _type;
    private nint _credentials;
    private bool _areClients;

    private TlsCredentials(int type, nint credentials) => (_type, _credentials) = (type, credentials);

    /// <summary>They are pre-shared keys.</summary>
    public bool ArePreShared => _type == PreSharedKey;

    internal int Type => _type;

    internal nint Handle => _credentials;

    /// <summary>Makes credentials that have no certificates yet.</summary>
    /// <returns>0 or the library's code.</returns>
    public static int TryMakeCertificates(out TlsCredentials? credentials)
    {
        nint made;
        int code = gnutls_certificate_allocate_credentials(&made);
        credentials = code == 0 ? new TlsCredentials(Certificate, made) : null;
        return code == 0 ? gnutls_certificate_set_known_dh_params(made, Medium) : code;
    }

    /// <summary>Makes credentials of a file with lines of USER:KEY. The library reads the file anew in each
    /// handshake.</summary>
    /// <param name="path">Absolute, for the process may change its folder.</param>
    /// <param name="credentials">What was made.</param>
    /// <returns>0 or the library's code.</returns>
    public static int TryMakePreShared(string path, out TlsCredentials? credentials)
    {
        nint made;
        credentials = null;
        int code = gnutls_psk_allocate_server_credentials(&made);
        if (code != 0)
            return code;
        credentials = new TlsCredentials(PreSharedKey, made);
        fixed (byte* file = Bytes(path))
            code = gnutls_psk_set_server_credentials_file(made, file);
        return code == 0 ? gnutls_psk_set_server_known_dh_params(made, Medium) : code;
    }

    /// <summary>Trusts the authorities in a file.</summary>
    /// <returns>How many there are, or the library's negative code.</returns>
    public int Trust(string path)
    {
        fixed (byte* file = Bytes(path))
            return gnutls_certificate_set_x509_trust_file(_credentials, file, Pem);
    }

    /// <summary>Refuses the certificates that a list of revoked ones names.</summary>
    /// <returns>How many lists there are, or the library's negative code.</returns>
    public int Revoke(string path)
    {
        fixed (byte* file = Bytes(path))
            return gnutls_certificate_set_x509_crl_file(_credentials, file, Pem);
    }

    /// <summary>Adds a certificate of one's own, with its chain, and its key. Clients choose among several of a server
    /// by name and kind.</summary>
    /// <returns>The library's code, negative if it failed.</returns>
    public int Add(string certificatePath, string keyPath)
    {
        fixed (byte* certificate = Bytes(certificatePath))
        fixed (byte* key = Bytes(keyPath))
            return gnutls_certificate_set_x509_key_file(_credentials, certificate, key, Pem);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_credentials == 0)
            return;
        if (ArePreShared && _areClients)
            gnutls_psk_free_client_credentials(_credentials);
        else if (ArePreShared)
            gnutls_psk_free_server_credentials(_credentials);
        else
            gnutls_certificate_free_credentials(_credentials);
        _credentials = 0;
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text + "\0");

    [DllImport(GnuTls.Library)]
    private static extern int gnutls_certificate_allocate_credentials(nint* credentials);

    [DllImport(GnuTls.Library)]
    private static extern void gnutls_certificate_free_credentials(nint credentials);

    [DllImport(GnuTls.Library)]
    private static extern int gnutls_certificate_set_known_dh_params(nint credentials, int level);

    [DllImport(GnuTls.Library)]
    private static extern int gnutls_certificate_set_x509_trust_file(nint credentials, byte* file, int format);

    [DllImport(GnuTls.Library)]
    private static extern int gnutls_certificate_set_x509_crl_file(nint credentials, byte* file, int format);

    [DllImport(GnuTls.Library)]
    private static extern int gnutls_certificate_set_x509_key_file(
        nint credentials, byte* certificate, byte* key, int format);

    [DllImport(GnuTls.Library)]
    private static extern int gnutls_psk_allocate_server_credentials(nint* credentials);

    [DllImport(GnuTls.Library)]
    private static extern void gnutls_psk_free_server_credentials(nint credentials);

    [DllImport(GnuTls.Library)]
    private static extern int gnutls_psk_set_server_credentials_file(nint credentials, byte* file);

    [DllImport(GnuTls.Library)]
    private static extern int gnutls_psk_set_server_known_dh_params(nint credentials, int level);
}
