// Why a file on a server cannot be opened. Not: errors of requests, which are no exceptions.

using System;

namespace NbdFast.Plugins.Ssh.Sftp;

/// <summary>Something that keeps a client from being served; the message is for the log.</summary>
internal sealed class SftpException : Exception
{
    /// <summary>Makes one of a message that is for the log, and an errno for the client.</summary>
    public SftpException(Errno errno, string message)
        : base(message) => Errno = errno;

    /// <summary>For the client.</summary>
    public Errno Errno { get; }
}
