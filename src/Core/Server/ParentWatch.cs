// Ends the server with the process that started it ("EXIT WITH PARENT" in nbdkit-captive(1)). Not: --run, where the
// server is the parent (Captive).

using System;
using NbdFast.Native;

namespace NbdFast.Server;

/// <summary>The bond to the parent process (<c>--exit-with-parent</c>).</summary>
internal static class ParentWatch
{
    private static int _parent;

    /// <summary>Remembers who the parent is. As early as possible: a parent that has gone before is not
    /// noticed.</summary>
    public static void Remember() => _parent = Libc.ParentProcessId;

    /// <summary>Has the kernel send SIGTERM when the parent ends. On the main thread, and after a change of user or
    /// group, with which the kernel forgets it.</summary>
    /// <param name="stop">Called if the parent has ended already.</param>
    /// <exception cref="ConfigException">The kernel refuses.</exception>
    public static void Begin(Action stop)
    {
        if (Libc.SignalWhenParentEnds(Signals.Terminate) is var errno and not Errno.Ok)
            throw new ConfigException($"--exit-with-parent: prctl: {errno.Text()}");
        if (Libc.ParentProcessId == _parent)
            return;
        Log.Debug($"the parent process has ended already");
        stop();
    }
}
