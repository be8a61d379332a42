// Which driver the servers of a test run use. Not: what a test expects, which is the same for all of them.

using System;
using NbdFast.Diagnostics;
using NbdFast.Drivers;

namespace NbdFast.Testing;

/// <summary>
/// The environment says so, for the whole run: <c>NBDFAST_TEST_IO=epoll dotnet test tests/Interop</c>. With
/// <c>NBDFAST_TEST_MAYBLOCK=1</c> requests that never wait are served as those that may.
/// </summary>
internal static class TestedDriver
{
    /// <summary>The driver, or <see cref="IoChoice.Auto"/> if none is asked for.</summary>
    public static IoChoice Io { get; } = Environment.GetEnvironmentVariable("NBDFAST_TEST_IO") switch
    {
        null or "" or "auto" => IoChoice.Auto,
        "threads" => IoChoice.Threads,
        "epoll" => IoChoice.Epoll,
        "uring" => IoChoice.Uring,
        string other => throw new InvalidOperationException($"NBDFAST_TEST_IO: there is no driver {other}"),
    };

    /// <summary>Requests that never wait are served as those that may.</summary>
    public static bool MayBlock { get; } = Environment.GetEnvironmentVariable("NBDFAST_TEST_MAYBLOCK") == "1";

    /// <summary>The same for the program's command line.</summary>
    public static string Options =>
        (Io == IoChoice.Auto ? "" : $"--io={Io.ToString().ToLowerInvariant()} ")
        + (MayBlock ? "-D nbdkit.mayblock=1 " : "");

    /// <summary>The same for a server in the test's process.</summary>
    public static IoChoice Apply()
    {
        if (MayBlock)
            DebugFlags.Set(DebugFlags.Server, "mayblock", 1);
        return Io;
    }
}
