// The command of --run and its end ("CAPTIVE NBDKIT" in nbdkit-captive(1)). Not: the variables that it sees, which are
// part of its text; not the server's end (NbdServer.Stop).

using System;
using System.Threading;
using NbdFast.Native;

namespace NbdFast.Server;

/// <summary>A shell command that the server runs for; the server ends with it.</summary>
internal sealed class Captive
{
    private const string Shell = "/bin/sh";
    private const int WatcherStackBytes = 128 * 1024;

    private readonly int _process;
    private readonly Action _ended;
    private readonly Thread _watcher;
    private int _status;

    private Captive(int process, Action ended)
    {
        _process = process;
        _ended = ended;
        _watcher = new Thread(Watch, WatcherStackBytes) { IsBackground = true, Name = "run" };
        _watcher.Start();
    }

    /// <summary>Starts a command, with the standard streams of this process.</summary>
    /// <param name="script">What the shell is to run.</param>
    /// <param name="ended">Called once, from another thread, when the command has ended.</param>
    /// <exception cref="ConfigException">The shell cannot be started.</exception>
    public static Captive Start(string script, Action ended)
    {
        int process = Libc.Spawn(Shell, ["sh", "-c", script]);
        if (process < 0)
            throw new ConfigException($"{Shell}: {((Errno)(-process)).Text()}");
        return new Captive(process, ended);
    }

    /// <summary>Waits until the command has ended. Like nbdkit, a server that was told to end does not end the command:
    /// what it is doing may be worth finishing, and its exit code is the server's.</summary>
    /// <returns>The command's exit code, or 128 and the number of the signal that killed it.</returns>
    public int WaitForExitCode()
    {
        _watcher.Join();
        if (_status >= 0)
            return _status;
        Log.Error($"external command was killed by signal {-_status}");
        return 128 - _status;
    }

    private void Watch()
    {
        if (Libc.WaitForChild(_process, out _status) is var errno and not Errno.Ok)
        {
            Log.Error(errno, $"waitpid: {errno.Text()}");
            _status = 1;
        }

        _ended();
    }
}
