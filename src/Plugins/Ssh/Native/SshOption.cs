// Options of a libssh session. Not: what they are set to (SshLogin).

namespace NbdFast.Plugins.Ssh.Native;

/// <summary><c>enum ssh_options_e</c>, as far as it is used.</summary>
internal enum SshOption
{
    /// <summary>The host; text.</summary>
    Host = 0,

    /// <summary>The port; an unsigned int.</summary>
    Port = 1,

    /// <summary>The user there; text.</summary>
    User = 4,

    /// <summary>One more private key, in front of the others; text.</summary>
    AddIdentity = 7,

    /// <summary>The user's file of known hosts; text.</summary>
    KnownHosts = 8,

    /// <summary>Seconds; a long.</summary>
    Timeout = 9,

    /// <summary>Ciphers for what is sent, the best first; text.</summary>
    CiphersOut = 15,

    /// <summary>The same for what is received.</summary>
    CiphersIn = 16,

    /// <summary>"yes" or "no"; text.</summary>
    Compression = 22,

    /// <summary>TCP_NODELAY; an int.</summary>
    NoDelay = 36,

    /// <summary>Whether connecting reads configuration files by itself; an int.</summary>
    ProcessConfig = 38,
}
