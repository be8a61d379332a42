// The name of an error as the log shows it. Not: the codes on the wire.

using System;

namespace NbdFast.Filters;

/// <summary>The errors that an NBD client can be told, by name; any other is shown as the one the client gets for
/// it.</summary>
internal static class ErrorName
{
    /// <summary>The name in UTF-8, as <c>EIO</c>.</summary>
    public static ReadOnlySpan<byte> Of(Errno errno) => errno switch
    {
        Errno.EPERM or Errno.EROFS => "EPERM"u8,
        Errno.ENOMEM => "ENOMEM"u8,
        Errno.EINVAL => "EINVAL"u8,
        Errno.ENOSPC or Errno.EFBIG or Errno.EDQUOT => "ENOSPC"u8,
        Errno.EOVERFLOW => "EOVERFLOW"u8,
        Errno.ENOTSUP => "ENOTSUP"u8,
        Errno.ESHUTDOWN => "ESHUTDOWN"u8,
        _ => "EIO"u8,
    };
}
