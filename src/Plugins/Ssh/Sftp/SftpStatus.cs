// How a request went, as an SFTP server says. Not: how it is told to a client of ours.

namespace NbdFast.Plugins.Ssh.Sftp;

/// <summary>The codes of version 3 (draft-ietf-secsh-filexfer-02, section 7).</summary>
internal enum SftpStatus : uint
{
    /// <summary>Done.</summary>
    Ok = 0,

    /// <summary>There is nothing at that place.</summary>
    EndOfFile = 1,

    /// <summary>No such file.</summary>
    NoSuchFile = 2,

    /// <summary>Not allowed.</summary>
    PermissionDenied = 3,

    /// <summary>Something else; the message may tell.</summary>
    Failure = 4,

    /// <summary>The request was malformed.</summary>
    BadMessage = 5,

    /// <summary>There is no connection; made up by clients.</summary>
    NoConnection = 6,

    /// <summary>The connection was lost; made up by clients.</summary>
    ConnectionLost = 7,

    /// <summary>The server cannot do that.</summary>
    Unsupported = 8,
}
