// Connects to a host and gets in: options, host key, authentication, the SFTP server. Not: what is said to that server
// (Sftp).

using System;
using System.Diagnostics;
using NbdFast.Plugins.Ssh.Native;
using NbdFast.Plugins.Ssh.Sftp;

namespace NbdFast.Plugins.Ssh;

/// <summary>What the parameters say of connecting.</summary>
internal sealed class SshLogin(SshPlugin plugin)
{
    private const int StepMs = 500;
    private const string AesFirst =
        "aes128-gcm@openssh.com,aes256-gcm@openssh.com,chacha20-poly1305@openssh.com," +
        "aes256-ctr,aes192-ctr,aes128-ctr";

    private const string Unknown =
        "either the host key is unknown, you must use ssh first and accept the host key; or the known_hosts file " +
        "(usually ~/.ssh/known_hosts) could not be opened, check that the file exists and file permissions";

    /// <summary>Connects.</summary>
    /// <param name="channel">To the SFTP server.</param>
    /// <returns>The session, which does not block any more.</returns>
    /// <exception cref="SftpException">We are not let in.</exception>
    public SshSession Connect(out SshChannel channel)
    {
        LibSsh.LogOnThisThread(plugin.LogLevel);
        SshSession session = new();
        try
        {
            SetOptions(session);
            if (!session.Connect())
                throw Failure(session, $"failed to connect to remote host: {plugin.Host}");
            Log.Debug($"connected: {session.Agreed}");
            if (plugin.VerifyRemoteHost)
                Verify(session);
            Authenticate(session);
            session.StopBlocking();
            channel = OpenSftp(session);
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    // Whatever can compute AES is faster at it than at ChaCha20, which libssh would ask for first.
    private static readonly bool HasAes =
        (System.Runtime.Intrinsics.X86.Aes.IsSupported && System.Runtime.Intrinsics.X86.Pclmulqdq.IsSupported)
        || System.Runtime.Intrinsics.Arm.Aes.IsSupported;

    // The configuration files first, for what the command line says comes before them. They need to know the host.
    private void SetOptions(SshSession session)
    {
        Set(session, "host", SshOption.Host, plugin.Host);
        Check(session.Set(SshOption.NoDelay, 1), session, "failed to set TCP_NODELAY in libssh session");
        Check(session.Set(SshOption.ProcessConfig, 0), session, "failed to switch off configuration in libssh session");
        if (HasAes)
        {
            Set(session, "ciphers", SshOption.CiphersOut, AesFirst);
            Set(session, "ciphers", SshOption.CiphersIn, AesFirst);
        }

        if (plugin.Configuration != "" && !session.ReadConfiguration(plugin.Configuration))
            throw Failure(session, "failed to parse local SSH configuration");
        if (plugin.PortNumber is { } port)
            Check(
                session.Set(SshOption.Port, port), session, $"failed to set port in libssh session: {port}");
        if (plugin.User is { } user)
            Set(session, "user", SshOption.User, user);
        foreach (string identity in plugin.Identity)
            Set(session, "identity", SshOption.AddIdentity, identity);
        if (plugin.KnownHosts is { } file)
            Set(session, "known-hosts", SshOption.KnownHosts, file);
        if (plugin.Timeout > 0)
            Check(session.Set(SshOption.Timeout, plugin.Timeout), session, "failed to set timeout in libssh session");
        if (plugin.Compression is { } compression)
            Set(session, "compression", SshOption.Compression, compression ? "yes" : "no");
    }

    private static void Set(SshSession session, string name, SshOption option, string value) =>
        Check(session.Set(option, value), session, $"failed to set {name} in libssh session: {value}");

    private static void Check(bool succeeded, SshSession session, string failure)
    {
        if (!succeeded)
            throw Failure(session, failure);
    }

    private static void Verify(SshSession session)
    {
        string? objection = session.FindHost() switch
        {
            KnownHost.Ok => null,
            KnownHost.Changed => "host key for server changed",
            KnownHost.OtherType => "host key for server was not found but another type of key exists",
            KnownHost.Unknown or KnownHost.NoFile => Unknown,
            _ => $"failed to check the host key: {session.ErrorText}",
        };
        if (objection != null)
            throw new SftpException(Errno.EACCES, $"{objection} (the server's key is {session.Fingerprint()})");
    }

    // "none" must come first: from the answer libssh learns what else the server takes. A server may want several
    // methods one after the other; it then says that a part is done.
    private void Authenticate(SshSession session)
    {
        int result = session.AuthenticateNone();
        if (result == SshSession.AuthSuccess)
            return;
        if (result == SshSession.AuthError)
            throw Failure(session, "failed to authenticate");
        bool wantsMore = TryKeys(session, out bool isIn);
        if (wantsMore || !isIn)
            isIn = TryPassword(session) || (wantsMore && TryKeysAgain(session));
        if (!isIn)
            throw new SftpException(Errno.EACCES, "all possible authentication methods failed");
    }

    // True if the keys were right and something else is wanted as well.
    private static bool TryKeys(SshSession session, out bool isIn)
    {
        isIn = false;
        int methods = session.Methods();
        Log.Debug($"authentication methods offered by the server [0x{methods:x}]");
        if ((methods & SshSession.MethodPublicKey) == 0)
            return false;
        int result = session.AuthenticateKeys();
        isIn = result == SshSession.AuthSuccess;
        if (!isIn)
            Log.Debug($"publickey: {session.ErrorText}");
        return result == SshSession.AuthPartial;
    }

    private static bool TryKeysAgain(SshSession session)
    {
        TryKeys(session, out bool isIn);
        return isIn;
    }

    private bool TryPassword(SshSession session)
    {
        if (plugin.Password is not { } password || (session.Methods() & SshSession.MethodPassword) == 0)
            return false;
        int result = session.AuthenticatePassword(password.Bytes);
        if (result == SshSession.AuthPartial)
            return TryKeysAgain(session);
        if (result != SshSession.AuthSuccess)
            Log.Debug($"password: {session.ErrorText}");
        return result == SshSession.AuthSuccess;
    }

    private SshChannel OpenSftp(SshSession session)
    {
        SshChannel channel = new(session);
        Finish(session, channel, channel.Open, "failed to open a channel");
        Finish(session, channel, () => channel.Request("sftp"), "failed to start the SFTP server");
        return channel;
    }

    // Calls until there is an answer.
    private void Finish(SshSession session, SshChannel channel, Func<int> call, string failure)
    {
        Stopwatch waited = Stopwatch.StartNew();
        int result;
        while ((result = call()) == LibSsh.Again)
        {
            if (ServerControl.IsShuttingDown)
                throw new SftpException(Errno.ESHUTDOWN, $"{failure}: the server is ending");
            if (plugin.Timeout > 0 && waited.Elapsed > TimeSpan.FromSeconds(plugin.Timeout))
                throw new SftpException(Errno.ETIMEDOUT, $"{failure}: there is no answer in time");
            channel.Wait(channel.HasUnsent, wake: -1, StepMs, out _);
        }

        if (result != LibSsh.Ok)
            throw Failure(session, failure);
    }

    private static SftpException Failure(SshSession session, string what) =>
        new(Errno.EIO, $"{what}: {session.ErrorText}");
}
