// A client's session of GnuTLS, over whatever connection. Not: the connection (TlsEnd), the server's sessions
// (NbdFast.Native.TlsSession), of which it shares nothing.

using System;
using System.IO;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace NbdFast.Testing.Native;

/// <summary>A TLS client that trusts every server, and can do what only hostile or rare clients do.</summary>
internal sealed unsafe class TlsPeer : IDisposable
{
    private const string Library = "libgnutls.so.30";
    private const uint Client = 2;
    private const uint ShowAnyCertificate = 1 << 9;   // Also one that the server has not asked for.
    private const int HostName = 1;
    private const int OfCertificates = 1;
    private const int PreSharedKey = 4;
    private const int HexKey = 1;
    private const int Pem = 1;
    private const uint AskPeer = 1;
    private const int Again = -28;
    private const int ConnectionReset = 104;

    private readonly IClientEnd _below;
    private readonly GCHandle _self;
    private nint _session;
    private nint _certificates;
    private nint _keys;

    /// <summary>Makes a session and shakes hands.</summary>
    /// <param name="below">The connection, on which the server awaits a handshake.</param>
    /// <param name="priority">The priority string.</param>
    /// <param name="user">The user of a pre-shared key, or null for certificates.</param>
    /// <param name="key">That key in hexadecimal.</param>
    /// <param name="folder">A folder with client-cert.pem and client-key.pem, or null for none.</param>
    /// <param name="serverName">The name of the server that is wanted, or null.</param>
    /// <exception cref="IOException">The handshake failed.</exception>
    public TlsPeer(
        IClientEnd below, string priority, string? user, string? key, string? folder, string? serverName)
    {
        _below = below;
        _self = GCHandle.Alloc(this);
        try
        {
            Prepare(priority, user, key, folder);
            if (serverName != null)
                AskFor(serverName);
            int code;
            while ((code = gnutls_handshake(_session)) != 0)
                if (gnutls_error_is_fatal(code) != 0)
                    throw Failed("gnutls_handshake", code);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Protocol and ciphers.</summary>
    public string Description
    {
        get
        {
            byte* text = gnutls_session_get_desc(_session);
            string description = Marshal.PtrToStringUTF8((nint)text) ?? "";
            NativeMemory.Free(text);
            return description;
        }
    }

    /// <summary>The certificate that the server showed, byte by byte: names in it can be read.</summary>
    public string Certificate
    {
        get
        {
            uint count = 0;
            Datum* chain = gnutls_certificate_get_peers(_session, &count);
            return count == 0 ? "" : Encoding.Latin1.GetString(chain->Data, (int)chain->Length);
        }
    }

    /// <summary>Decrypted bytes that nobody has asked for yet.</summary>
    public int Pending => (int)gnutls_record_check_pending(_session);

    public int Send(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
            return Checked("gnutls_record_send", gnutls_record_send(_session, start, (nuint)bytes.Length));
    }

    public int Receive(Span<byte> room)
    {
        nint received;
        fixed (byte* start = room)
            do
                received = gnutls_record_recv(_session, start, (nuint)room.Length);
            while (received == Again);
        return Checked("gnutls_record_recv", received);
    }

    /// <summary>Changes the keys of both directions (TLS 1.3).</summary>
    public void UpdateKeys() => Checked("gnutls_session_key_update", gnutls_session_key_update(_session, AskPeer));

    /// <summary>Asks for another handshake on the connection (TLS 1.2).</summary>
    /// <returns>What came of it: 0 if the server agreed.</returns>
    public int Renegotiate() => gnutls_handshake(_session);

    /// <summary>Says that nothing more will be sent.</summary>
    public void SayBye() => _ = gnutls_bye(_session, 1);

    public void Dispose()
    {
        if (_session != 0)
            gnutls_deinit(_session);
        if (_certificates != 0)
            gnutls_certificate_free_credentials(_certificates);
        if (_keys != 0)
            gnutls_psk_free_client_credentials(_keys);
        _session = _certificates = _keys = 0;
        if (_self.IsAllocated)
            _self.Free();
    }

    private void Prepare(string priority, string? user, string? key, string? folder)
    {
        nint made;
        Checked("gnutls_init", gnutls_init(&made, Client | ShowAnyCertificate));
        _session = made;
        fixed (byte* text = Bytes(priority))
            Checked("gnutls_priority_set_direct", gnutls_priority_set_direct(_session, text, null));
        Checked("allocate", gnutls_certificate_allocate_credentials(&made));
        _certificates = made;
        if (folder != null)
            fixed (byte* certificate = Bytes(Path.Combine(folder, "client-cert.pem")))
            fixed (byte* privateKey = Bytes(Path.Combine(folder, "client-key.pem")))
                Checked("key file", gnutls_certificate_set_x509_key_file(
                    _certificates, certificate, privateKey, Pem));
        if (user != null)
            SetKey(user, key!);   // With both, a client offers to a server of keys what that does not have.
        else
            Checked("credentials", gnutls_credentials_set(_session, OfCertificates, _certificates));
        gnutls_transport_set_ptr(_session, GCHandle.ToIntPtr(_self));
        gnutls_transport_set_push_function(_session, &Push);
        gnutls_transport_set_pull_function(_session, &Pull);
    }

    private void AskFor(string serverName)
    {
        byte[] name = Encoding.ASCII.GetBytes(serverName);
        fixed (byte* text = name)
            Checked("gnutls_server_name_set", gnutls_server_name_set(_session, HostName, text, (nuint)name.Length));
    }

    private void SetKey(string user, string key)
    {
        nint made;
        Checked("allocate", gnutls_psk_allocate_client_credentials(&made));
        _keys = made;
        byte[] hex = Encoding.ASCII.GetBytes(key);
        fixed (byte* name = Bytes(user))
        fixed (byte* text = hex)
        {
            Datum datum = new() { Data = text, Length = (uint)hex.Length };
            Checked("psk", gnutls_psk_set_client_credentials(_keys, name, &datum, HexKey));
        }

        Checked("credentials", gnutls_credentials_set(_session, PreSharedKey, _keys));
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint Push(nint self, byte* data, nuint count)
    {
        TlsPeer peer = (TlsPeer)GCHandle.FromIntPtr(self).Target!;
        return peer.Try(end => end.Send(new ReadOnlySpan<byte>(data, (int)count)));
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint Pull(nint self, byte* data, nuint count)
    {
        TlsPeer peer = (TlsPeer)GCHandle.FromIntPtr(self).Target!;
        return peer.Try(end => end.Receive(new Span<byte>(data, (int)count)));
    }

    // No exception may pass through the library.
    private nint Try(Func<IClientEnd, int> action)
    {
        try
        {
            return action(_below);
        }
#pragma warning disable CA1031 // Whatever it is, to the library it is a broken connection.
        catch (Exception)
#pragma warning restore CA1031
        {
            gnutls_transport_set_errno(_session, ConnectionReset);
            return -1;
        }
    }

    private static int Checked(string call, nint result) =>
        result >= 0 ? (int)result : throw Failed(call, (int)result);

    private static IOException Failed(string call, int code) =>
        new($"{call}: {Marshal.PtrToStringUTF8((nint)gnutls_strerror(code))}");

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text + "\0");

    private struct Datum
    {
        public byte* Data;
        public uint Length;
    }

    [DllImport(Library)]
    private static extern int gnutls_init(nint* session, uint flags);

    [DllImport(Library)]
    private static extern void gnutls_deinit(nint session);

    [DllImport(Library)]
    private static extern int gnutls_priority_set_direct(nint session, byte* priority, byte** position);

    [DllImport(Library)]
    private static extern int gnutls_certificate_allocate_credentials(nint* credentials);

    [DllImport(Library)]
    private static extern void gnutls_certificate_free_credentials(nint credentials);

    [DllImport(Library)]
    private static extern int gnutls_certificate_set_x509_key_file(
        nint credentials, byte* certificate, byte* key, int format);

    [DllImport(Library)]
    private static extern int gnutls_psk_allocate_client_credentials(nint* credentials);

    [DllImport(Library)]
    private static extern void gnutls_psk_free_client_credentials(nint credentials);

    [DllImport(Library)]
    private static extern int gnutls_psk_set_client_credentials(nint credentials, byte* user, Datum* key, int form);

    [DllImport(Library)]
    private static extern int gnutls_credentials_set(nint session, int type, nint credentials);

    [DllImport(Library)]
    private static extern int gnutls_server_name_set(nint session, int type, byte* name, nuint length);

    [DllImport(Library)]
    private static extern Datum* gnutls_certificate_get_peers(nint session, uint* count);

    [DllImport(Library)]
    private static extern void gnutls_transport_set_ptr(nint session, nint pointer);

    [DllImport(Library)]
    private static extern void gnutls_transport_set_push_function(
        nint session, delegate* unmanaged[Cdecl]<nint, byte*, nuint, nint> push);

    [DllImport(Library)]
    private static extern void gnutls_transport_set_pull_function(
        nint session, delegate* unmanaged[Cdecl]<nint, byte*, nuint, nint> pull);

    [DllImport(Library)]
    private static extern void gnutls_transport_set_errno(nint session, int errno);

    [DllImport(Library)]
    private static extern int gnutls_handshake(nint session);

    [DllImport(Library)]
    private static extern int gnutls_session_key_update(nint session, uint flags);

    [DllImport(Library)]
    private static extern nint gnutls_record_send(nint session, byte* data, nuint count);

    [DllImport(Library)]
    private static extern nint gnutls_record_recv(nint session, byte* data, nuint count);

    [DllImport(Library)]
    private static extern nuint gnutls_record_check_pending(nint session);

    [DllImport(Library)]
    private static extern int gnutls_bye(nint session, int how);

    [DllImport(Library)]
    private static extern int gnutls_error_is_fatal(int code);

    [DllImport(Library)]
    private static extern byte* gnutls_strerror(int code);

    [DllImport(Library)]
    private static extern byte* gnutls_session_get_desc(nint session);
}
