// What the ssh plugin says to libssh. Not: which of it this libssh understands.

using System.Collections.Generic;
using NbdFast.Plugins.Ssh.Native;

namespace NbdFast.NativeAbi;

/// <summary>Options and codes of libssh.</summary>
internal static class SshRows
{
    private const string Header = "libssh/libssh.h";

    public static IEnumerable<NativeConstant> All { get; } =
    [
        Option("HOST", SshOption.Host),
        Option("PORT", SshOption.Port),
        Option("USER", SshOption.User),
        Option("ADD_IDENTITY", SshOption.AddIdentity),
        Option("KNOWNHOSTS", SshOption.KnownHosts),
        Option("TIMEOUT", SshOption.Timeout),
        Option("COMPRESSION", SshOption.Compression),
        Option("NODELAY", SshOption.NoDelay),
        Option("PROCESS_CONFIG", SshOption.ProcessConfig),
        Known("ERROR", KnownHost.Error),
        Known("NOT_FOUND", KnownHost.NoFile),
        Known("UNKNOWN", KnownHost.Unknown),
        Known("OK", KnownHost.Ok),
        Known("CHANGED", KnownHost.Changed),
        Known("OTHER", KnownHost.OtherType),
        new("SSH_OK", Header, LibSsh.Ok),
        new("SSH_AGAIN", Header, LibSsh.Again),
        new("SSH_AUTH_SUCCESS", Header, SshSession.AuthSuccess),
        new("SSH_AUTH_PARTIAL", Header, SshSession.AuthPartial),
        new("SSH_AUTH_ERROR", Header, SshSession.AuthError),
        new("SSH_AUTH_METHOD_PASSWORD", Header, SshSession.MethodPassword),
        new("SSH_AUTH_METHOD_PUBLICKEY", Header, SshSession.MethodPublicKey),
        new("SSH_WRITE_PENDING", Header, SshSession.WritePending),
        new("SSH_PUBLICKEY_HASH_SHA256", Header, SshSession.HashSha256),
        new("SSH_LOG_WARNING", Header, LibSsh.LogWarning),
        new("SSH_LOG_PROTOCOL", Header, LibSsh.LogProtocol),
        new("SSH_LOG_PACKET", Header, LibSsh.LogPacket),
        new("SSH_LOG_FUNCTIONS", Header, LibSsh.MostDetailed),
    ];

    private static NativeConstant Option(string name, SshOption option) =>
        new($"SSH_OPTIONS_{name}", Header, (long)option);

    private static NativeConstant Known(string name, KnownHost host) =>
        new($"SSH_KNOWN_HOSTS_{name}", Header, (long)host);
}
