// What a status means to a client and to a person. Not: the codes (SftpStatus).

namespace NbdFast.Plugins.Ssh.Sftp;

/// <summary>Errno and words of an <see cref="SftpStatus"/>.</summary>
internal static class SftpStatusText
{
    /// <summary>The errno. <see cref="SftpStatus.Failure"/> may be anything, a full disk too: EIO.</summary>
    public static Errno Errno(this SftpStatus status) => status switch
    {
        SftpStatus.Ok => NbdFast.Errno.Ok,
        SftpStatus.NoSuchFile => NbdFast.Errno.ENOENT,
        SftpStatus.PermissionDenied => NbdFast.Errno.EACCES,
        SftpStatus.Unsupported => NbdFast.Errno.ENOTSUP,
        _ => NbdFast.Errno.EIO,
    };

    /// <summary>The words, as OpenSSH's server has them.</summary>
    public static string Text(this SftpStatus status) => status switch
    {
        SftpStatus.Ok => "Success",
        SftpStatus.EndOfFile => "End of file",
        SftpStatus.NoSuchFile => "No such file",
        SftpStatus.PermissionDenied => "Permission denied",
        SftpStatus.Failure => "Failure",
        SftpStatus.BadMessage => "Bad message",
        SftpStatus.NoConnection => "No connection",
        SftpStatus.ConnectionLost => "Connection lost",
        SftpStatus.Unsupported => "Operation unsupported",
        _ => $"status {(uint)status}",
    };
}
