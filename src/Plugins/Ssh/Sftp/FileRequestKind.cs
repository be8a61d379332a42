// What is asked of an open file. Not: the messages for it (SftpKind).

namespace NbdFast.Plugins.Ssh.Sftp;

/// <summary>The kinds of requests.</summary>
internal enum FileRequestKind
{
    /// <summary>Fill memory.</summary>
    Read,

    /// <summary>Write memory.</summary>
    Write,

    /// <summary>Bring what was written to stable storage.</summary>
    Sync,
}
