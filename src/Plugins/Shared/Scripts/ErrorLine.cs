// What a script that failed printed on standard error: an errno and a message. Not: its exit code (ScriptAnswer).

using System;
using System.Buffers;
using System.Text;

namespace NbdFast.Plugins.Scripts;

/// <summary>"ENOSPC the disk is full": an errno's name if it begins with one that NBD can express, then the rest of the
/// first line that has any text.</summary>
/// <param name="Error">The errno, or null.</param>
/// <param name="Message">The text; it may be empty.</param>
internal readonly record struct ErrorLine(Errno? Error, string Message)
{
    private const string WhiteSpace = " \t\n\v\f\r";

    private static readonly SearchValues<char> White = SearchValues.Create(WhiteSpace);

    /// <summary>Takes standard error apart.</summary>
    public static ErrorLine Parse(ReadOnlySpan<byte> errors)
    {
        ReadOnlySpan<char> text = Encoding.UTF8.GetString(errors);
        int end = text.IndexOfAny(White);
        Errno? error = ErrnoOf(end < 0 ? text : text[..end]);
        if (error != null)
            text = end < 0 ? [] : text[end..].TrimStart(WhiteSpace);
        int lineEnd = text.IndexOf('\n');
        return new ErrorLine(error, (lineEnd < 0 ? text : text[..lineEnd]).TrimEnd('\r').ToString());
    }

    private static Errno? ErrnoOf(ReadOnlySpan<char> name)
    {
        Span<char> upper = stackalloc char[16];
        int length = name.Length > upper.Length ? 0 : name.ToUpperInvariant(upper);
        return upper[..length] switch
        {
            "EPERM" => Errno.EPERM,
            "EIO" => Errno.EIO,
            "ENOMEM" => Errno.ENOMEM,
            "EINVAL" => Errno.EINVAL,
            "EFBIG" => Errno.EFBIG,
            "ENOSPC" => Errno.ENOSPC,
            "EDQUOT" => Errno.EDQUOT,
            "EROFS" => Errno.EROFS,
            "EOVERFLOW" => Errno.EOVERFLOW,
            "ENOTSUP" or "EOPNOTSUPP" => Errno.ENOTSUP,
            "ESHUTDOWN" => Errno.ESHUTDOWN,
            _ => null,
        };
    }
}
