// Giving a file another name. Not: taking names away (Libc.Temporary).

using System.Runtime.InteropServices;
using System.Text;

namespace NbdFast.Native;

public static unsafe partial class Libc
{
    /// <summary>link(2) and unlink(2), or rename(2) where there are no links: gives a file another name within its file
    /// system, unless something has that name.</summary>
    /// <returns><see cref="Errno.EEXIST"/> if something has it. Without links this is looked at before, and somebody
    /// may be faster.</returns>
    public static Errno Move(string from, string to)
    {
        fixed (byte* source = Encoding.UTF8.GetBytes(from + '\0'), target = Encoding.UTF8.GetBytes(to + '\0'))
        {
            Errno errno = (Errno)(-Result(link(source, target)));
            if (errno == Errno.Ok)
                return (Errno)(-Result(unlink(source)));
            if (errno is not (Errno.EPERM or Errno.ENOTSUP or Errno.ENOSYS))
                return errno;
            return Exists(Encoding.UTF8.GetBytes(to)) ? Errno.EEXIST : (Errno)(-Result(rename(source, target)));
        }
    }

    [DllImport("libc")]
    private static extern int link(byte* oldpath, byte* newpath);

    [DllImport("libc")]
    private static extern int rename(byte* oldpath, byte* newpath);
}
