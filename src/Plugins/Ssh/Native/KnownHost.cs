// What is known of a server's host key. Not: what follows from it (SshLogin).

namespace NbdFast.Plugins.Ssh.Native;

/// <summary><c>enum ssh_known_hosts_e</c>.</summary>
internal enum KnownHost
{
    /// <summary>It could not be found out.</summary>
    Error = -2,

    /// <summary>There is no file of known hosts.</summary>
    NoFile = -1,

    /// <summary>The server is not in the file.</summary>
    Unknown = 0,

    /// <summary>The key is the server's.</summary>
    Ok = 1,

    /// <summary>The server had another key.</summary>
    Changed = 2,

    /// <summary>The server had a key of another type.</summary>
    OtherType = 3,
}
