// One encrypted connection: a session of GnuTLS between two pieces of memory. Not: sockets and waiting
// (Transport/TlsWire), what the peer showed (TlsSession.Peer), sessions of a client (TlsSession.Client),
// declarations (TlsSession.Abi).

using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace NbdFast.Native;

/// <summary>
/// A session of a server or a client. It never waits: what arrived is given to it as memory, and what is to be sent it
/// puts into memory. So a call takes only as long as the cipher, and callers can hold a lock around each call: GnuTLS
/// itself lets a session be used by one sender and one receiver at once only as long as no keys are changed.
/// </summary>
internal sealed unsafe partial class TlsSession : IDisposable
{
    /// <summary>Bytes that a record takes at most in the output, with what the cipher adds, and what the library may
    /// have to send before it (an alert, a change of keys).</summary>
    public const int RecordRoom = 16384 + 2048;

    private readonly Pipe* _pipe;
    private nint _session;
    private byte* _expectedName;

    private TlsSession(nint session)
    {
        _session = session;
        _pipe = (Pipe*)NativeMemory.AllocZeroed((nuint)sizeof(Pipe));
        _pipe->Session = session;
        gnutls_transport_set_ptr(session, _pipe);
        gnutls_transport_set_push_function(session, &Push);
        gnutls_transport_set_pull_function(session, &Pull);
        gnutls_transport_set_pull_timeout_function(session, &IsReadable);
    }

    /// <summary>Bytes that arrived and were not looked at yet.</summary>
    public int InputLeft => (int)_pipe->InputLeft;

    /// <summary>Bytes that are to be sent.</summary>
    public int OutputUsed => (int)_pipe->OutputUsed;

    /// <summary>Bytes that the output has room for.</summary>
    public int OutputRoom => (int)(_pipe->OutputRoom - _pipe->OutputUsed);

    /// <summary>Makes a session of a server.</summary>
    /// <param name="credentials">What the server shows. It must outlive the session, as the next one.</param>
    /// <param name="priority">What is allowed.</param>
    /// <param name="requiresCertificate">Clients must show a certificate that a trusted authority issued and that is
    /// neither expired nor revoked.</param>
    /// <param name="session">What was made.</param>
    /// <returns>0 or the library's code.</returns>
    public static int TryMake(
        TlsCredentials credentials, TlsPriority priority, bool requiresCertificate, out TlsSession? session)
    {
        int code = TryInitialize(Server, credentials, priority, out session);
        if (code != 0 || !requiresCertificate)
            return code;
        gnutls_certificate_server_set_request(session!._session, RequireCertificate);
        gnutls_session_set_verify_cert(session._session, null, 0);
        return 0;
    }

    /// <summary>Gives it what arrived, when <see cref="InputLeft"/> is 0. The memory is used until that is 0
    /// again.</summary>
    [HotPath]
    public void GiveInput(nint address, int count)
    {
        _pipe->Input = (byte*)address;
        _pipe->InputLeft = (nuint)count;
    }

    /// <summary>Lends it memory for what is to be sent, when <see cref="OutputUsed"/> is 0; or none, with 0
    /// bytes.</summary>
    [HotPath]
    public void UseOutput(nint address, int room)
    {
        _pipe->Output = (byte*)address;
        _pipe->OutputRoom = (nuint)room;
        _pipe->OutputUsed = 0;
    }

    /// <summary>Goes on with the handshake.</summary>
    /// <returns>0 when it is done, <see cref="GnuTls.Again"/> where input or room is missing, or the library's
    /// code.</returns>
    public int Handshake() => gnutls_handshake(_session);

    /// <summary>The most bytes of a record that the peer takes.</summary>
    public int MaximumRecord => (int)gnutls_record_get_max_size(_session);

    /// <summary>Encrypts bytes into one record. There must be <see cref="RecordRoom"/> in the output.</summary>
    /// <returns>How many bytes went, or the library's code.</returns>
    [HotPath]
    public nint Send(nint address, int count) => gnutls_record_send(_session, (void*)address, (nuint)count);

    /// <summary>Decrypts bytes of the next record.</summary>
    /// <returns>How many bytes there were, 0 when the peer says that it has ended, <see cref="GnuTls.Again"/> when all
    /// input is used up, or the library's code.</returns>
    [HotPath]
    public nint Receive(Span<byte> buffer)
    {
        fixed (byte* start = buffer)
            return gnutls_record_recv(_session, start, (nuint)buffer.Length);
    }

    /// <summary>Tells the peer that nothing more will be sent.</summary>
    public int SayBye() => gnutls_bye(_session, OnlySending);

    /// <summary>Tells the peer why the session ends.</summary>
    /// <param name="code">The library's code for what went wrong.</param>
    public int SendAlert(int code) => gnutls_alert_send_appropriate(_session, code);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_session == 0)
            return;
        gnutls_deinit(_session);
        NativeMemory.Free(_pipe);
        NativeMemory.Free(_expectedName);
        _session = 0;
    }

    // A session may have been made even where the code tells of an error: then it is the caller's to dispose of.
    private static int TryInitialize(
        uint role, TlsCredentials credentials, TlsPriority priority, out TlsSession? session)
    {
        nint made;
        session = null;
        int code = gnutls_init(&made, role | NonBlocking);
        if (code != 0)
            return code;
        session = new TlsSession(made);
        code = gnutls_priority_set(made, priority.Handle);
        return code != 0 ? code : gnutls_credentials_set(made, credentials.Type, credentials.Handle);
    }

    // The three ends of the pipe. All of the calls that may use them are this thread's, under the caller's lock.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    [HotPath]
    private static nint Push(Pipe* pipe, byte* data, nuint count)
    {
        nuint room = pipe->OutputRoom - pipe->OutputUsed;
        if (room == 0)
            return WouldWait(pipe);
        count = Math.Min(count, room);
        Buffer.MemoryCopy(data, pipe->Output + pipe->OutputUsed, room, count);
        pipe->OutputUsed += count;
        return (nint)count;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    [HotPath]
    private static nint Pull(Pipe* pipe, byte* data, nuint count)
    {
        if (pipe->InputLeft == 0)
            return WouldWait(pipe);
        count = Math.Min(count, pipe->InputLeft);
        Buffer.MemoryCopy(pipe->Input, data, count, count);
        pipe->Input += count;
        pipe->InputLeft -= count;
        return (nint)count;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int IsReadable(Pipe* pipe, uint timeoutMs) => pipe->InputLeft > 0 ? 1 : 0;

    [HotPath]
    private static nint WouldWait(Pipe* pipe)
    {
        gnutls_transport_set_errno(pipe->Session, (int)Errno.EAGAIN);
        return -1;
    }

    private struct Pipe
    {
        public nint Session;
        public byte* Input;
        public nuint InputLeft;
        public byte* Output;
        public nuint OutputUsed;
        public nuint OutputRoom;
    }
}
