// What a unit may ask of the server as a whole. Not: how the server does it (Server/Shutdown).

using System;
using System.Threading;

namespace NbdFast;

/// <summary>Requests of units to the server.</summary>
public static class ServerControl
{
    private static Action? _shutdown;

    /// <summary>The server's thread model is settled, requests are served, and it was not asked to end yet.</summary>
    public static bool IsShuttingDown { get; internal set; }

    /// <summary>Standard input and output are not the connection of a client (<c>-s</c>): units may use them while they
    /// are configured (nbdkit_stdio_safe(3)).</summary>
    public static bool HasStandardStreams { get; internal set; } = true;

    /// <summary>The disk is swap space of this machine (<c>--swap</c>): what a unit does for a request must not need
    /// memory that the kernel would have to free. Settled before units are configured.</summary>
    public static bool ServesSwap { get; internal set; }

    /// <summary>Who the server will be when it serves (<c>-u</c>), or null: who it is. Settled before units are
    /// configured.</summary>
    public static uint? UserToBe { get; private set; }

    /// <summary>The group likewise (<c>-g</c>).</summary>
    public static uint? GroupToBe { get; private set; }

    /// <summary>Asks the server to end as SIGTERM does (nbdkit_shutdown(3)). Returns at once. Before it serves, it ends
    /// as soon as it would.</summary>
    public static void Shutdown() => Volatile.Read(ref _shutdown)?.Invoke();

    internal static void WillBecome(uint? user, uint? group) => (UserToBe, GroupToBe) = (user, group);

    internal static void OnShutdown(Action shutdown) => Volatile.Write(ref _shutdown, shutdown);
}
