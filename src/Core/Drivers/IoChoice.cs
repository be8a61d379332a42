// Which driver serves connections. Not: the drivers.

namespace NbdFast.Drivers;

/// <summary>The value of <c>--io</c>.</summary>
internal enum IoChoice
{
    /// <summary>A thread for each connection while they are few, loops when they are many.</summary>
    Auto,

    /// <summary>A thread for each connection.</summary>
    Threads,

    /// <summary>A loop for each core, over epoll.</summary>
    Epoll,

    /// <summary>A loop for each core, over io_uring where the system lets us; else as <see cref="Epoll"/>.</summary>
    Uring,
}
