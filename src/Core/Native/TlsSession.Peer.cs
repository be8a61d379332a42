// What a session agreed on, and what the peer showed. Not: whether that is enough.

using System.Runtime.InteropServices;
using System.Text;

namespace NbdFast.Native;

internal sealed unsafe partial class TlsSession
{
    /// <summary>Protocol, key exchange and cipher, as "(TLS1.3)-(ECDHE-SECP256R1)-...".</summary>
    public string Description
    {
        get
        {
            byte* text = gnutls_session_get_desc(_session);
            string description = GnuTls.Text(text);
            NativeMemory.Free(text);
            return description;
        }
    }

    /// <summary>The group of the key exchange, or "".</summary>
    public string Group => GnuTls.Text(gnutls_group_get_name(gnutls_group_get(_session)));

    /// <summary>The two agreed on a pre-shared key.</summary>
    public bool IsPreShared => gnutls_auth_get_type(_session) == PreSharedKey;

    /// <summary>The name of the user whose key it is, or "".</summary>
    public string PreSharedUser => GnuTls.Text(gnutls_psk_server_get_username(_session));

    /// <summary>The peer's own certificate, the first of its chain.</summary>
    /// <param name="name">Its distinguished name (RFC 4514).</param>
    /// <param name="issuer">That of its issuer.</param>
    /// <param name="line">One line for people.</param>
    /// <returns>How many certificates the peer showed. 0 if there is none that can be read.</returns>
    public int GetPeer(out string name, out string issuer, out string line)
    {
        name = issuer = line = "";
        uint count = 0;
        Datum* chain = gnutls_certificate_get_peers(_session, &count);
        nint certificate;
        if (chain == null || count == 0 || gnutls_x509_crt_init(&certificate) != 0)
            return 0;
        int code = gnutls_x509_crt_import(certificate, chain, Der);
        if (code == 0)
        {
            Datum text;
            if (gnutls_x509_crt_get_dn3(certificate, &text, 0) == 0)
                name = Take(text);
            if (gnutls_x509_crt_get_issuer_dn3(certificate, &text, 0) == 0)
                issuer = Take(text);
            if (gnutls_x509_crt_print(certificate, OneLine, &text) == 0)
                line = Take(text);
        }

        gnutls_x509_crt_deinit(certificate);
        return code == 0 ? (int)count : 0;
    }

    /// <summary>What is wrong with the certificate that the peer showed, or "".</summary>
    public string PeerFault
    {
        get
        {
            uint status = gnutls_session_get_verify_cert_status(_session);
            Datum text;
            const int X509 = 1;   // gnutls_certificate_type_t
            const uint NotChecked = uint.MaxValue;
            return status != 0 && status != NotChecked
                && gnutls_certificate_verification_status_print(status, X509, &text, 0) == 0
                ? Take(text).Trim()
                : "";
        }
    }

    private static string Take(Datum text)
    {
        string taken = Encoding.UTF8.GetString(text.Data, (int)text.Length);
        NativeMemory.Free(text.Data);
        return taken;
    }
}
