// The system's words for error numbers. Not: the numbers (Api/Errno).

using System.Runtime.InteropServices;

namespace NbdFast.Native;

public static unsafe partial class Libc
{
    /// <summary>strerror(3): the error as people read it.</summary>
    public static string Describe(Errno errno)
    {
        const int Room = 256;
        byte* buffer = stackalloc byte[Room];
        // The XSI form answers 0 and fills the buffer, whatever macros a C program would need for it.
        return __xpg_strerror_r((int)errno, buffer, Room) == 0
            ? Marshal.PtrToStringUTF8((nint)buffer) ?? $"error {(int)errno}"
            : $"error {(int)errno}";
    }

    [DllImport("libc")]
    private static extern int __xpg_strerror_r(int error, byte* buffer, nuint length);
}
