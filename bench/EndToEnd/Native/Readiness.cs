// Waiting for many sockets: epoll(7). Not: what to do with those that are ready (Load).

using System;
using System.Runtime.InteropServices;
using NbdFast.Native;

namespace NbdFast.Bench.EndToEnd.Native;

/// <summary>A set of sockets, of which those are told that can be read or written.</summary>
internal sealed unsafe class Readiness : IDisposable
{
    private const int CloseOnExec = 0x80000;
    private const int Add = 1;
    private const int Modify = 3;
    private const uint In = 1;
    private const uint Out = 4;

    private readonly int _descriptor;
    private readonly Event* _events;
    private readonly int _capacity;

    /// <summary>Makes an empty set.</summary>
    /// <param name="capacity">The most sockets that are told at once.</param>
    public Readiness(int capacity)
    {
        _descriptor = epoll_create1(CloseOnExec);
        if (_descriptor < 0)
            throw new InvalidOperationException($"epoll_create1: errno {Marshal.GetLastSystemError()}");
        _capacity = capacity;
        _events = (Event*)NativeMemory.AllocZeroed((nuint)capacity, (nuint)sizeof(Event));
    }

    /// <summary>Adds a socket, at first for reading.</summary>
    /// <param name="descriptor">The socket.</param>
    /// <param name="number">What <see cref="this"/> tells when it is ready.</param>
    public void Watch(int descriptor, int number) => Control(Add, descriptor, number, In);

    /// <summary>Says whether to wait until the socket can be written, too.</summary>
    public void WatchWriting(int descriptor, int number, bool writing) =>
        Control(Modify, descriptor, number, writing ? In | Out : In);

    /// <summary>Waits.</summary>
    /// <param name="timeoutMs">Milliseconds.</param>
    /// <returns>How many sockets are ready, 0 if none was in time.</returns>
    public int Wait(int timeoutMs)
    {
        while (true)
        {
            int count = epoll_wait(_descriptor, _events, _capacity, timeoutMs);
            if (count >= 0)
                return count;
            int error = Marshal.GetLastSystemError();
            if (error != (int)Errno.EINTR)
                throw new InvalidOperationException($"epoll_wait: errno {error}");
        }
    }

    /// <summary>The number of a ready socket.</summary>
    public int this[int index] => _events[index].Number;

    /// <inheritdoc/>
    public void Dispose()
    {
        _ = Libc.Close(_descriptor);   // A set holds no data that could be lost.
        NativeMemory.Free(_events);
    }

    private void Control(int operation, int descriptor, int number, uint events)
    {
        Event watched = new() { Events = events, Number = number };
        if (epoll_ctl(_descriptor, operation, descriptor, &watched) < 0)
            throw new InvalidOperationException($"epoll_ctl: errno {Marshal.GetLastSystemError()}");
    }

    // The kernel's is packed on x86-64: 12 bytes.
    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    private struct Event
    {
        public uint Events;
        public int Number;
        public int Unused;
    }

    [DllImport("libc")]
    private static extern int epoll_create1(int flags);

    [DllImport("libc")]
    private static extern int epoll_ctl(int epfd, int op, int fd, Event* watched);

    [DllImport("libc")]
    private static extern int epoll_wait(int epfd, Event* events, int capacity, int timeout);
}
