// An errno in words, as %m of the C library. Not: messages (Log), the NBD error codes (Protocol/NbdErrorMap).

using System.Runtime.InteropServices;

namespace NbdFast;

/// <summary>What errno values mean, for messages.</summary>
public static class ErrnoText
{
    /// <summary>The text of strerror(3), as "No such file or directory".</summary>
    public static string Text(this Errno errno) => Marshal.GetPInvokeErrorMessage((int)errno);
}
