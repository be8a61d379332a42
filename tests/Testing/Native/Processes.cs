// Signals, which .NET cannot send. Not: starting processes (ShellCommand, ServerProcess).

using System.ComponentModel;
using System.Runtime.InteropServices;

namespace NbdFast.Testing.Native;

/// <summary>The signals that tests send, by their Linux numbers.</summary>
public enum Signal
{
    /// <summary>Hang up.</summary>
    Hangup = 1,

    /// <summary>The interrupt key.</summary>
    Interrupt = 2,

    /// <summary>The quit key.</summary>
    Quit = 3,

    /// <summary>Cannot be caught.</summary>
    Kill = 9,

    /// <summary>The polite request to end.</summary>
    Terminate = 15,
}

/// <summary>Signals to processes.</summary>
public static class Processes
{
    private const int NoSuchProcess = 3;

    /// <summary>kill(2).</summary>
    /// <returns>False if the process is gone.</returns>
    public static bool Send(int process, Signal signal)
    {
        if (kill(process, (int)signal) == 0)
            return true;
        int error = Marshal.GetLastPInvokeError();
        return error == NoSuchProcess ? false : throw new Win32Exception(error);
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int kill(int process, int signal);
}
