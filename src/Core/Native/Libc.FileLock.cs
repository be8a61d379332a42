// Locks on whole files, which other programs see. Not: locking memory (Libc.Lock).

namespace NbdFast.Native;

public static unsafe partial class Libc
{
    internal const int SetDescriptorLock = 37;   // F_OFD_SETLK
    internal const short ReadLock = 0;
    internal const short WriteLock = 1;

    /// <summary>fcntl(2), F_OFD_SETLK: locks a file until its descriptor, with all duplicates of it, is closed. Other
    /// descriptors of this process are kept out as those of other processes are.</summary>
    /// <param name="descriptor">Open for writing if exclusive, otherwise for reading.</param>
    /// <param name="exclusive">For one alone, rather than for any number that do not write.</param>
    /// <returns><see cref="Errno.EAGAIN"/> or <see cref="Errno.EACCES"/> if somebody else has it.</returns>
    public static Errno TryLock(int descriptor, bool exclusive)
    {
        FileLock all = new() { Type = exclusive ? WriteLock : ReadLock };
        return (Errno)(-Result(fcntl(descriptor, SetDescriptorLock, (nint)(&all))));
    }

    /// <summary>struct flock; as it is here, from the begin of the file to its end.</summary>
    internal struct FileLock
    {
        public short Type;
        public short Whence;
        public long Start;
        public long Length;
        public int Process;
    }
}
