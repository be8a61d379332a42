// Signals to processes that we started. Not: those that we get.

using System.Runtime.InteropServices;

namespace NbdFast.Bench.EndToEnd.Native;

/// <summary>kill(2).</summary>
internal static class Signals
{
    /// <summary>SIGTERM.</summary>
    public const int Terminate = 15;

    /// <summary>SIGKILL.</summary>
    public const int Kill = 9;

    /// <summary>Sends a signal; a process that is gone already does not mind.</summary>
    public static void Send(int process, int signal) => _ = kill(process, signal);

    [DllImport("libc")]
    private static extern int kill(int process, int signal);
}
