// Standard input, output and error as descriptors of the process. Not: what is written there (Log, the command line).

using NbdFast.Native;

namespace NbdFast.Server;

/// <summary>Keeps the descriptors 0, 1 and 2 what they are meant for.</summary>
internal static class StandardStreams
{
    private const string Nothing = "/dev/null";
    private const int Input = 0;
    private const int Output = 1;
    private const int Error = 2;

    /// <summary>Opens /dev/null wherever the caller left one of them closed: else the next file or socket would take
    /// its place, and get the messages. Must come before anything is opened.</summary>
    /// <exception cref="ConfigException">That failed.</exception>
    public static void EnsureOpen()
    {
        for (int descriptor = Input; descriptor <= Error; descriptor++)
            if (Libc.StatusFlags(descriptor) == -(int)Errno.EBADF)
                Fill(descriptor);
    }

    /// <summary>Puts /dev/null in the place of standard input and output.</summary>
    /// <param name="includingError">And of standard error.</param>
    /// <exception cref="ConfigException">That failed.</exception>
    public static void Drop(bool includingError)
    {
        Fill(Input);
        Fill(Output);
        if (includingError)
            Fill(Error);
    }

    private static void Fill(int descriptor)
    {
        int nothing = Libc.OpenExisting(Nothing, forWriting: true);
        if (nothing < 0)
            throw Failed((Errno)(-nothing));
        // The lowest free place may be the very one; a duplicate of itself would still be closed on exec.
        Errno errno = nothing == descriptor
            ? Libc.ClearCloseOnExec(descriptor)
            : Libc.Replace(descriptor, nothing);
        if (errno == Errno.Ok && nothing != descriptor)
            errno = Libc.Close(nothing);
        if (errno != Errno.Ok)
            throw Failed(errno);
    }

    private static ConfigException Failed(Errno errno) => new($"{Nothing}: {errno.Text()}");
}
