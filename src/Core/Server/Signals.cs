// The signals that end the server ("SIGNALS" in nbdkit(1)). Not: what ending means (NbdServer.Stop).

using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Threading;
using NbdFast.Native;

namespace NbdFast.Server;

/// <summary>Hands SIGINT, SIGQUIT, SIGTERM and SIGHUP, each as often as it comes, to one action, and ignores
/// SIGPIPE.</summary>
internal sealed class Signals : IDisposable
{
    /// <summary>SIGHUP.</summary>
    public const int Hangup = 1;

    /// <summary>SIGINT.</summary>
    public const int Interrupt = 2;

    /// <summary>SIGQUIT.</summary>
    public const int Quit = 3;

    /// <summary>SIGPIPE.</summary>
    public const int BrokenPipe = 13;

    /// <summary>SIGTERM.</summary>
    public const int Terminate = 15;

    /// <summary>SIGXFSZ.</summary>
    public const int FileSizeExceeded = 25;

    // Kept for the life of the process: its end must not be cut short by one signal more.
    private static readonly List<PosixSignalRegistration> Registrations = [];

    private readonly List<int> _inheritedIgnored = [];
    private Action? _stop;

    private Signals(Action stop) => _stop = stop;

    /// <summary>Those of the signals that the parent process had set to be ignored, as a shell does for INT and QUIT of
    /// a command in the background: what a child of ours should inherit.</summary>
    public IReadOnlyList<int> InheritedIgnored => _inheritedIgnored;

    /// <summary>Begins to handle signals.</summary>
    /// <param name="stop">May be called from any thread, and more than once.</param>
    public static Signals Handle(Action stop)
    {
        var signals = new Signals(stop);
        Libc.Ignore(BrokenPipe);   // A client that goes away is told by the error of a write.
        Libc.Ignore(FileSizeExceeded);   // A write past "ulimit -f" is told by its error, EFBIG, as well.
        // .NET leaves an inherited "ignored" as it is, and a server that a script started with & could not be
        // interrupted. It looks once, at the first registration: so all of them come before that.
        foreach (int number in (ReadOnlySpan<int>)[Hangup, Interrupt, Quit, Terminate])
            if (Libc.RestoreDefault(number))
                signals._inheritedIgnored.Add(number);
        signals.Add(PosixSignal.SIGHUP);
        signals.Add(PosixSignal.SIGINT);
        signals.Add(PosixSignal.SIGQUIT);
        signals.Add(PosixSignal.SIGTERM);
        return signals;
    }

    /// <summary>What the signals would stop is gone: from now on they do nothing.</summary>
    public void Dispose() => Volatile.Write(ref _stop, null);

    private void Add(PosixSignal signal) => Registrations.Add(PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        Volatile.Read(ref _stop)?.Invoke();
    }));
}
