// What GnuTLS declares of sessions. Not: what is done with it (TlsSession).

using System.Runtime.InteropServices;

namespace NbdFast.Native;

internal sealed unsafe partial class TlsSession
{
    private const uint Server = 1;              // gnutls_init_flags_t
    private const uint NonBlocking = 1 << 3;
    private const int RequireCertificate = 2;   // gnutls_certificate_request_t
    private const int OnlySending = 1;          // gnutls_close_request_t
    private const int Der = 0;                  // gnutls_x509_crt_fmt_t
    private const int OneLine = 1;              // gnutls_certificate_print_formats_t
    private const int PreSharedKey = 4;         // gnutls_credentials_type_t

    // gnutls_datum_t
    private struct Datum
    {
        public byte* Data;
        public uint Length;
    }

    [DllImport(GnuTls.Library)]
    private static extern int gnutls_init(nint* session, uint flags);

    [DllImport(GnuTls.Library)]
    private static extern void gnutls_deinit(nint session);

    [DllImport(GnuTls.Library)]
    private static extern int gnutls_priority_set(nint session, nint priority);

    [DllImport(GnuTls.Library)]
    private static extern int gnutls_credentials_set(nint session, int type, nint credentials);

    [DllImport(GnuTls.Library)]
    private static extern void gnutls_certificate_server_set_request(nint session, int request);

    [DllImport(GnuTls.Library)]
    private static extern void gnutls_session_set_verify_cert(nint session, byte* hostname, uint flags);

    [DllImport(GnuTls.Library)]
    private static extern void gnutls_transport_set_ptr(nint session, void* pointer);

    [DllImport(GnuTls.Library)]
    private static extern void gnutls_transport_set_push_function(
        nint session, delegate* unmanaged[Cdecl]<Pipe*, byte*, nuint, nint> push);

    [DllImport(GnuTls.Library)]
    private static extern void gnutls_transport_set_pull_function(
        nint session, delegate* unmanaged[Cdecl]<Pipe*, byte*, nuint, nint> pull);

    [DllImport(GnuTls.Library)]
    private static extern void gnutls_transport_set_pull_timeout_function(
        nint session, delegate* unmanaged[Cdecl]<Pipe*, uint, int> isReadable);

    [DllImport(GnuTls.Library)]
    private static extern void gnutls_transport_set_errno(nint session, int errno);

    [DllImport(GnuTls.Library)]
    private static extern int gnutls_handshake(nint session);

    [DllImport(GnuTls.Library)]
    private static extern nint gnutls_record_send(nint session, void* data, nuint count);

    [DllImport(GnuTls.Library)]
    private static extern nint gnutls_record_recv(nint session, void* data, nuint count);

    [DllImport(GnuTls.Library)]
    private static extern nuint gnutls_record_get_max_size(nint session);

    [DllImport(GnuTls.Library)]
    private static extern int gnutls_bye(nint session, int how);

    [DllImport(GnuTls.Library)]
    private static extern int gnutls_alert_send_appropriate(nint session, int code);

    [DllImport(GnuTls.Library)]
    private static extern byte* gnutls_session_get_desc(nint session);

    [DllImport(GnuTls.Library)]
    private static extern int gnutls_auth_get_type(nint session);

    [DllImport(GnuTls.Library)]
    private static extern int gnutls_group_get(nint session);

    [DllImport(GnuTls.Library)]
    private static extern byte* gnutls_group_get_name(int group);

    [DllImport(GnuTls.Library)]
    private static extern byte* gnutls_psk_server_get_username(nint session);

    [DllImport(GnuTls.Library)]
    private static extern Datum* gnutls_certificate_get_peers(nint session, uint* count);

    [DllImport(GnuTls.Library)]
    private static extern uint gnutls_session_get_verify_cert_status(nint session);

    [DllImport(GnuTls.Library)]
    private static extern int gnutls_certificate_verification_status_print(
        uint status, int type, Datum* text, uint flags);

    [DllImport(GnuTls.Library)]
    private static extern int gnutls_x509_crt_init(nint* certificate);

    [DllImport(GnuTls.Library)]
    private static extern void gnutls_x509_crt_deinit(nint certificate);

    [DllImport(GnuTls.Library)]
    private static extern int gnutls_x509_crt_import(nint certificate, Datum* data, int format);

    [DllImport(GnuTls.Library)]
    private static extern int gnutls_x509_crt_get_dn3(nint certificate, Datum* text, uint flags);

    [DllImport(GnuTls.Library)]
    private static extern int gnutls_x509_crt_get_issuer_dn3(nint certificate, Datum* text, uint flags);

    [DllImport(GnuTls.Library)]
    private static extern int gnutls_x509_crt_print(nint certificate, int format, Datum* text);
}
