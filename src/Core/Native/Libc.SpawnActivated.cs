// Child processes that are given a listening socket. Not: being given one (Server/SocketActivation).

using System.Collections.Generic;

namespace NbdFast.Native;

public static unsafe partial class Libc
{
    /// <summary>Starts a program as <see cref="Spawn(string, IReadOnlyList{string}, int, bool, bool)"/> does, with a
    /// socket as its descriptor 3, where socket activation (sd_listen_fds(3)) wants it.</summary>
    /// <param name="arguments">From argv[0] on, which is also the path of the executable. Each ends at its first NUL
    /// byte, if it has one.</param>
    /// <param name="socket">The socket; this process keeps it too.</param>
    /// <returns>The child's process number, which must be waited for, or the negated errno.</returns>
    public static int SpawnActivated(IReadOnlyList<byte[]> arguments, int socket)
    {
        byte** environment = Environ();
        if (environment == null)
            return -(int)Errno.ENOSYS;
        byte** vector = VectorOf(arguments);
        try
        {
            return Start(vector[0], vector, environment, new SpawnStreams { Fourth = socket, WithoutInput = true });
        }
        finally
        {
            FreeVector(vector);
        }
    }

    /// <summary>waitpid(2) for one child, without waiting.</summary>
    /// <returns>Whether it has ended; it then must not be asked for again.</returns>
    public static bool HasEnded(int process)
    {
        const int NoHang = 1;
        int raw;
        return Result(waitpid(process, &raw, NoHang)) != 0;
    }
}
