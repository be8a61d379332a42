// A loop over epoll. Not: what is done with connections that have something to do (ServingLoop).

using NbdFast.Native;

namespace NbdFast.Drivers;

/// <summary>Learns by epoll_wait(2) which connections have bytes to receive.</summary>
internal sealed class EpollLoop : ServingLoop
{
    private const int MostEvents = 128;
    private const int WakeSlot = -1;

    private readonly int _epoll;
    private readonly int _wake;

    // In the loop rather than in a method, for another thread may go on in the middle.
    private readonly int[] _ready = new int[MostEvents];
    private int _readyCount;
    private int _next;

    private EpollLoop(int epoll, int wake, LoopDriver driver, ServingThreads threads, StuckWatch watch)
        : base(driver, threads, watch)
    {
        _epoll = epoll;
        _wake = wake;
    }

    /// <summary>Makes a loop.</summary>
    public static Errno TryCreate(
        LoopDriver driver, ServingThreads threads, StuckWatch watch, out ServingLoop? loop)
    {
        loop = null;
        int epoll = Libc.EpollDescriptor();
        if (epoll < 0)
            return (Errno)(-epoll);
        int wake = Libc.EventDescriptor();
        Errno errno = wake < 0 ? (Errno)(-wake) : Libc.EpollAdd(epoll, wake, WakeSlot);
        if (errno == Errno.Ok)
        {
            loop = new EpollLoop(epoll, wake, driver, threads, watch);
            return errno;
        }

        if (wake >= 0)
            Libc.Close(wake);
        Libc.Close(epoll);
        return errno;
    }

    public override void Dispose()
    {
        Libc.Close(_epoll);
        Libc.Close(_wake);
    }

    [HotPath]
    protected override bool RunTurn()
    {
        if (_next == _readyCount)
        {
            EndTurn();
            _next = 0;
            _readyCount = 0;
            int count = Wait();
            if (count < 0)
                return true;   // A signal.
            _readyCount = count;
            BeginTurn();
        }

        while (_next < _readyCount)
        {
            int slot = _ready[_next++];
            if (slot != WakeSlot && !ServeOnce(slot))
                return false;
        }

        return true;
    }

    [HotPath]
    private int Wait()
    {
        if (!Reads.IsBusy)
            return Libc.EpollWait(_epoll, _ready, -1);
        Reads.WaitFor(_epoll);
        return Libc.EpollWait(_epoll, _ready, 0);
    }

    // False if the role has moved on.
    [HotPath]
    private bool ServeOnce(int slot)
    {
        if (At(slot) is not { } connection)
            return true;
        nint received = connection.Receive(wait: false);
        if (received == -(nint)Errno.EAGAIN || received == -(nint)Errno.EINTR)
            return true;
        if (received > 0)
            return Serve(slot, connection) != Pause.Lost;
        End(slot, connection);
        return true;
    }

    protected override bool TryWatch(Served connection, int slot) =>
        Libc.EpollAdd(_epoll, connection.Descriptor, slot) == Errno.Ok;

    protected override void Unwatch(Served connection, int slot) => Libc.EpollRemove(_epoll, connection.Descriptor);

    protected override void Interrupt() => Libc.SignalEvent(_wake);
}
