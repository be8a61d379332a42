// What a client shows and trusts, as far as it differs from a server's. Not: where the files are (Client/ClientTls).

using System;
using System.Runtime.InteropServices;

namespace NbdFast.Native;

internal sealed unsafe partial class TlsCredentials
{
    private const int HexKey = 1;   // gnutls_psk_key_flags

    /// <summary>Makes credentials of one user's pre-shared key.</summary>
    /// <param name="user">Who it is.</param>
    /// <param name="key">The key in hexadecimal digits.</param>
    /// <param name="credentials">What was made.</param>
    /// <returns>0 or the library's code.</returns>
    public static int TryMakeClientKey(string user, ReadOnlySpan<byte> key, out TlsCredentials? credentials)
    {
        nint made;
        credentials = null;
        int code = gnutls_psk_allocate_client_credentials(&made);
        if (code != 0)
            return code;
        credentials = new TlsCredentials(PreSharedKey, made) { _areClients = true };
        fixed (byte* name = Bytes(user), digits = key)
        {
            Datum datum = new() { Data = digits, Length = (uint)key.Length };
            return gnutls_psk_set_client_credentials(made, name, &datum, HexKey);
        }
    }

    /// <summary>Trusts the authorities that the system trusts.</summary>
    /// <returns>How many there are, or the library's negative code.</returns>
    public int TrustSystem() => gnutls_certificate_set_x509_system_trust(_credentials);

    // gnutls_datum_t
    private struct Datum
    {
        public byte* Data;
        public uint Length;
    }

    [DllImport(GnuTls.Library)]
    private static extern int gnutls_psk_allocate_client_credentials(nint* credentials);

    [DllImport(GnuTls.Library)]
    private static extern void gnutls_psk_free_client_credentials(nint credentials);

    [DllImport(GnuTls.Library)]
    private static extern int gnutls_psk_set_client_credentials(
        nint credentials, byte* user, Datum* key, int format);

    [DllImport(GnuTls.Library)]
    private static extern int gnutls_certificate_set_x509_system_trust(nint credentials);
}
