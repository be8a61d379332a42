// The process itself: its number, directory, environment, the end of its children. Not: starting children (Libc.Spawn),
// signals (Libc.Signal).

using System.Runtime.InteropServices;
using System.Text;

namespace NbdFast.Native;

public static unsafe partial class Libc
{
    private const int SetParentDeathSignal = 1;   // PR_SET_PDEATHSIG
    internal const int OpenProcess = 434;         // SYS_pidfd_open, on all architectures

    /// <summary>getpid(2).</summary>
    public static int ProcessId => getpid();

    /// <summary>getppid(2).</summary>
    public static int ParentProcessId => getppid();

    /// <summary>umask(2): the permissions that files created from now on do not get.</summary>
    /// <returns>What it was before.</returns>
    public static uint SetUmask(uint mask) => umask(mask);

    /// <summary>chdir(2).</summary>
    public static Errno ChangeDirectory(string path)
    {
        fixed (byte* text = Encoding.UTF8.GetBytes(path + '\0'))
            return (Errno)(-Result(chdir(text)));
    }

    /// <summary>setenv(3), also for children that are started later. .NET's own copy of the environment does not see it
    /// once it was made.</summary>
    public static Errno SetEnvironment(string name, string value)
    {
        fixed (byte* key = Encoding.UTF8.GetBytes(name + '\0'), text = Encoding.UTF8.GetBytes(value + '\0'))
            return (Errno)(-Result(setenv(key, text, 1)));
    }

    /// <summary>unsetenv(3).</summary>
    public static Errno UnsetEnvironment(string name)
    {
        fixed (byte* key = Encoding.UTF8.GetBytes(name + '\0'))
            return (Errno)(-Result(unsetenv(key)));
    }

    /// <summary>prctl(2), PR_SET_PDEATHSIG: the kernel sends a signal when the thread that started this process
    /// ends.</summary>
    /// <param name="signal">The signal, or 0 for none.</param>
    public static Errno SignalWhenParentEnds(int signal) =>
        (Errno)(-Result(prctl(SetParentDeathSignal, (nuint)signal, 0, 0, 0)));

    /// <summary>waitpid(2) for one child, until it has ended.</summary>
    /// <param name="process">The child's number.</param>
    /// <param name="status">How it ended: an exit code from 0 on, or the negated number of the signal that killed
    /// it.</param>
    public static Errno WaitForChild(int process, out int status)
    {
        int raw;
        nint result;
        do
            result = Result(waitpid(process, &raw, 0));
        while (result == -(int)Errno.EINTR);

        status = result < 0 ? 0 : StatusOf(raw);
        return result < 0 ? (Errno)(-result) : Errno.Ok;
    }

    /// <summary>waitpid(2) for one child, without waiting.</summary>
    /// <param name="process">The child's number.</param>
    /// <param name="hasEnded">It has ended; it then must not be asked for again.</param>
    /// <param name="status">How it ended, as <see cref="WaitForChild"/> says.</param>
    public static Errno LookForChild(int process, out bool hasEnded, out int status)
    {
        const int NoHang = 1;
        int raw;
        nint result = Result(waitpid(process, &raw, NoHang));
        hasEnded = result > 0;
        status = hasEnded ? StatusOf(raw) : 0;
        return result < 0 ? (Errno)(-result) : Errno.Ok;
    }

    private static int StatusOf(int raw)
    {
        int signal = raw & 0x7f;
        return signal == 0 ? (raw >> 8) & 0xff : -signal;
    }

    /// <summary>pidfd_open(2): a descriptor that can be read from once the child has ended. It is closed on
    /// exec.</summary>
    /// <returns>The descriptor, or the negated errno.</returns>
    public static int ProcessDescriptor(int process) => (int)Result(syscall(OpenProcess, process, 0));

    /// <summary>isatty(3).</summary>
    public static bool IsTerminal(int descriptor) => isatty(descriptor) == 1;

    [DllImport("libc")]
    private static extern nint syscall(nint number, nint pid, nint flags);

    [DllImport("libc")]
    private static extern int getpid();

    [DllImport("libc")]
    private static extern int getppid();

    [DllImport("libc")]
    private static extern uint umask(uint mask);

    [DllImport("libc")]
    private static extern int chdir(byte* path);

    [DllImport("libc")]
    private static extern int setenv(byte* name, byte* value, int overwrite);

    [DllImport("libc")]
    private static extern int unsetenv(byte* name);

    [DllImport("libc")]
    private static extern int prctl(int option, nuint arg2, nuint arg3, nuint arg4, nuint arg5);

    [DllImport("libc")]
    private static extern int waitpid(int pid, int* wstatus, int options);

    [DllImport("libc")]
    private static extern int isatty(int fd);
}
