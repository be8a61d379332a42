// The kinds of messages of SFTP, version 3. Not: what is in them.

namespace NbdFast.Plugins.Ssh.Sftp;

/// <summary>The first byte of a message (draft-ietf-secsh-filexfer-02, section 3), as far as it is used.</summary>
internal enum SftpKind : byte
{
    /// <summary>The client's version.</summary>
    Init = 1,

    /// <summary>The server's version and what else it can do.</summary>
    Version = 2,

    /// <summary>Open a file.</summary>
    Open = 3,

    /// <summary>Read from an open file.</summary>
    Read = 5,

    /// <summary>Write to an open file.</summary>
    Write = 6,

    /// <summary>Ask for the attributes of an open file.</summary>
    GetAttributes = 8,

    /// <summary>Set attributes of an open file.</summary>
    SetAttributes = 10,

    /// <summary>How it went.</summary>
    Status = 101,

    /// <summary>An open file.</summary>
    Handle = 102,

    /// <summary>What was read.</summary>
    Data = 103,

    /// <summary>Attributes.</summary>
    Attributes = 105,

    /// <summary>A request that is known by its name.</summary>
    Extended = 200,

    /// <summary>The answer to it.</summary>
    ExtendedReply = 201,
}
