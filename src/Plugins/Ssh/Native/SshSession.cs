// One libssh session: options, connecting, host key, authentication. Not: in which order (SshLogin), its channel
// (SshChannel).

using System;
using System.Runtime.InteropServices;

namespace NbdFast.Plugins.Ssh.Native;

/// <summary>An <c>ssh_session</c>. One thread at a time may use it.</summary>
internal sealed unsafe class SshSession : IDisposable
{
    /// <summary>SSH_AUTH_SUCCESS.</summary>
    public const int AuthSuccess = 0;

    /// <summary>SSH_AUTH_PARTIAL: this was right, and the server wants more.</summary>
    public const int AuthPartial = 2;

    /// <summary>SSH_AUTH_ERROR: not an answer of the server, but a failure.</summary>
    public const int AuthError = -1;

    /// <summary>SSH_AUTH_METHOD_PASSWORD.</summary>
    public const int MethodPassword = 0x2;

    /// <summary>SSH_AUTH_METHOD_PUBLICKEY.</summary>
    public const int MethodPublicKey = 0x4;

    internal const int WritePending = 0x8;    // SSH_WRITE_PENDING
    internal const int HashSha256 = 2;        // SSH_PUBLICKEY_HASH_SHA256

    private static readonly delegate* unmanaged<nint> New = (delegate* unmanaged<nint>)F("ssh_new");
    private static readonly delegate* unmanaged<nint, void> Free = (delegate* unmanaged<nint, void>)F("ssh_free");
    private static readonly delegate* unmanaged<nint, void> Disconnect =
        (delegate* unmanaged<nint, void>)F("ssh_disconnect");
    private static readonly delegate* unmanaged<nint, byte*> GetError =
        (delegate* unmanaged<nint, byte*>)F("ssh_get_error");
    private static readonly delegate* unmanaged<nint, int, void*, int> OptionsSet =
        (delegate* unmanaged<nint, int, void*, int>)F("ssh_options_set");
    private static readonly delegate* unmanaged<nint, byte*, int> OptionsParse =
        (delegate* unmanaged<nint, byte*, int>)F("ssh_options_parse_config");
    private static readonly delegate* unmanaged<nint, int> DoConnect = (delegate* unmanaged<nint, int>)F("ssh_connect");
    private static readonly delegate* unmanaged<nint, int> IsKnown =
        (delegate* unmanaged<nint, int>)F("ssh_session_is_known_server");
    private static readonly delegate* unmanaged<nint, byte*, int> UserAuthNone =
        (delegate* unmanaged<nint, byte*, int>)F("ssh_userauth_none");
    private static readonly delegate* unmanaged<nint, byte*, int> UserAuthList =
        (delegate* unmanaged<nint, byte*, int>)F("ssh_userauth_list");
    private static readonly delegate* unmanaged<nint, byte*, byte*, int> UserAuthKeys =
        (delegate* unmanaged<nint, byte*, byte*, int>)F("ssh_userauth_publickey_auto");
    private static readonly delegate* unmanaged<nint, byte*, byte*, int> UserAuthPassword =
        (delegate* unmanaged<nint, byte*, byte*, int>)F("ssh_userauth_password");
    private static readonly delegate* unmanaged<nint, int, void> DoSetBlocking =
        (delegate* unmanaged<nint, int, void>)F("ssh_set_blocking");
    private static readonly delegate* unmanaged<nint, int> GetDescriptor =
        (delegate* unmanaged<nint, int>)F("ssh_get_fd");
    private static readonly delegate* unmanaged<nint, int> GetStatus =
        (delegate* unmanaged<nint, int>)F("ssh_get_status");
    private static readonly delegate* unmanaged<nint, Counters*, Counters*, void> SetCounters =
        (delegate* unmanaged<nint, Counters*, Counters*, void>)F("ssh_set_counters");
    private static readonly delegate* unmanaged<nint, nint*, int> ServerKey =
        (delegate* unmanaged<nint, nint*, int>)F("ssh_get_server_publickey");
    private static readonly delegate* unmanaged<nint, int, byte**, nuint*, int> KeyHash =
        (delegate* unmanaged<nint, int, byte**, nuint*, int>)F("ssh_get_publickey_hash");
    private static readonly delegate* unmanaged<int, byte*, nuint, byte*> HashText =
        (delegate* unmanaged<int, byte*, nuint, byte*>)F("ssh_get_fingerprint_hash");
    private static readonly delegate* unmanaged<byte**, void> CleanHash =
        (delegate* unmanaged<byte**, void>)F("ssh_clean_pubkey_hash");
    private static readonly delegate* unmanaged<nint, void> FreeKey =
        (delegate* unmanaged<nint, void>)F("ssh_key_free");
    private static readonly delegate* unmanaged<byte*, void> FreeText =
        (delegate* unmanaged<byte*, void>)F("ssh_string_free_char");
    private static readonly delegate* unmanaged<nint, byte*> CipherIn =
        (delegate* unmanaged<nint, byte*>)F("ssh_get_cipher_in");
    private static readonly delegate* unmanaged<nint, byte*> CipherOut =
        (delegate* unmanaged<nint, byte*>)F("ssh_get_cipher_out");
    private static readonly delegate* unmanaged<nint, byte*> KeyExchange =
        (delegate* unmanaged<nint, byte*>)F("ssh_get_kex_algo");

    private readonly Counters* _counters;
    private bool _isDisposed;

    /// <summary>Makes a session, which is not connected yet.</summary>
    /// <exception cref="InsufficientMemoryException">There is no memory.</exception>
    public SshSession()
    {
        Address = New();
        if (Address == 0)
            throw new InsufficientMemoryException("ssh_new failed");
        _counters = (Counters*)NativeMemory.AllocZeroed((nuint)sizeof(Counters));
        SetCounters(Address, _counters, null);
    }

    /// <summary>The <c>ssh_session</c>.</summary>
    public nint Address { get; }

    /// <summary>What libssh said about the last failure, or "".</summary>
    public string ErrorText => LibSsh.Text(GetError(Address));

    /// <summary>The socket, or what a proxy command is connected to; only once connected.</summary>
    public int Descriptor => GetDescriptor(Address);

    /// <summary>Something is left to be sent, for which the descriptor must be writable.</summary>
    public bool HasUnsent => (GetStatus(Address) & WritePending) != 0;

    /// <summary>How many bytes were received, as they came: encrypted, and perhaps not yet a whole packet.</summary>
    public ulong ReceivedBytes => _counters->InBytes;

    /// <summary>What key exchange and ciphers were agreed on.</summary>
    public string Agreed =>
        $"{LibSsh.Text(KeyExchange(Address))}, {LibSsh.Text(CipherOut(Address))}, {LibSsh.Text(CipherIn(Address))}";

    /// <summary>Sets a text.</summary>
    /// <returns>False if libssh does not take it.</returns>
    public bool Set(SshOption option, string value)
    {
        fixed (byte* text = LibSsh.Terminated(value))
            return OptionsSet(Address, (int)option, text) == LibSsh.Ok;
    }

    /// <summary>Sets a number. Room for a long serves the options that are an int as well, lowest byte first.</summary>
    /// <returns>False if libssh does not take it.</returns>
    public bool Set(SshOption option, long value) => OptionsSet(Address, (int)option, &value) == LibSsh.Ok;

    /// <summary>Reads a configuration file.</summary>
    /// <param name="file">Null for the user's and the system's.</param>
    /// <returns>False if something in it is wrong.</returns>
    public bool ReadConfiguration(string? file)
    {
        fixed (byte* name = file == null ? null : LibSsh.Terminated(file))
            return OptionsParse(Address, name) == LibSsh.Ok;
    }

    /// <summary>Connects, and agrees on keys.</summary>
    /// <returns>False for <see cref="ErrorText"/>.</returns>
    public bool Connect() => DoConnect(Address) == LibSsh.Ok;

    /// <summary>Looks for the server's key among those of known hosts.</summary>
    public KnownHost FindHost() => (KnownHost)IsKnown(Address);

    /// <summary>The hash of the server's key, as ssh(1) shows it; "" if there is none.</summary>
    public string Fingerprint()
    {
        nint key;
        if (ServerKey(Address, &key) != LibSsh.Ok)
            return "";
        byte* hash = null;
        nuint length = 0;
        string text = "";
        if (KeyHash(key, HashSha256, &hash, &length) == LibSsh.Ok)
        {
            byte* readable = HashText(HashSha256, hash, length);
            text = LibSsh.Text(readable);
            FreeText(readable);
            CleanHash(&hash);
        }

        FreeKey(key);
        return text;
    }

    /// <summary>Asks to be let in as the user is.</summary>
    /// <returns>One of the Auth numbers.</returns>
    public int AuthenticateNone() => UserAuthNone(Address, null);

    /// <summary>The methods that the server takes, of which the last answer told.</summary>
    public int Methods() => UserAuthList(Address, null);

    /// <summary>Tries the keys of the agent and of the identity files.</summary>
    /// <returns>One of the Auth numbers.</returns>
    public int AuthenticateKeys() => UserAuthKeys(Address, null, null);

    /// <summary>Tries a password.</summary>
    /// <returns>One of the Auth numbers.</returns>
    public int AuthenticatePassword(ReadOnlySpan<byte> password)
    {
        byte[] copy = new byte[password.Length + 1];
        password.CopyTo(copy);
        fixed (byte* text = copy)
        {
            int result = UserAuthPassword(Address, null, text);
            copy.AsSpan().Clear();
            return result;
        }
    }

    /// <summary>From now on no call waits: <see cref="LibSsh.Again"/> is the answer.</summary>
    public void StopBlocking() => DoSetBlocking(Address, 0);

    /// <summary>Says goodbye if there is a connection, and ends the session with its channels.</summary>
    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        Disconnect(Address);
        Free(Address);
        NativeMemory.Free(_counters);
    }

    private static nint F(string name) => LibSsh.Function(name);

    // struct ssh_counter_struct; libssh writes it.
#pragma warning disable CS0649
    private struct Counters
    {
        public ulong InBytes;
        public ulong OutBytes;
        public ulong InPackets;
        public ulong OutPackets;
    }
#pragma warning restore CS0649
}
