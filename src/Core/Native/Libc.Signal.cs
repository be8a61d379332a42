// Signals: what a number does by default. Not: handlers (Server/Signals), which run in .NET's own way.

using System.Runtime.InteropServices;

namespace NbdFast.Native;

public static unsafe partial class Libc
{
    private const nint DefaultAction = 0;   // SIG_DFL
    private const nint Ignored = 1;         // SIG_IGN

    /// <summary>signal(2) with SIG_DFL.</summary>
    /// <param name="signal">The signal's number.</param>
    /// <returns>Whether the signal was ignored before.</returns>
    public static bool RestoreDefault(int signal) => signal_(signal, DefaultAction) == Ignored;

    /// <summary>signal(2) with SIG_IGN.</summary>
    /// <param name="signal">The signal's number.</param>
    public static void Ignore(int signal) => signal_(signal, Ignored);

    /// <summary>kill(2).</summary>
    public static Errno SendSignal(int process, int signal) => (Errno)(-Result(kill(process, signal)));

    [DllImport("libc", EntryPoint = "signal")]
    private static extern nint signal_(int signum, nint handler);

    [DllImport("libc")]
    private static extern int kill(int pid, int sig);
}
