// A loop over io_uring. Not: what is done with what was received (ServingLoop), the ring (Native/IoUring).

using System.Collections.Generic;
using System.Threading;
using NbdFast.Buffers;
using NbdFast.Native;

namespace NbdFast.Drivers;

/// <summary>
/// Every connection has one receive under way, into whichever buffer of a common group is free when bytes come. So one
/// call of the kernel hears of all connections and has received for them, and an idle connection holds no memory.
/// </summary>
internal sealed class UringLoop : ServingLoop
{
    private const uint Entries = 256;
    private const uint Completions = 16 * Entries;
    private const int ProvidedBuffers = 32;
    // Less than a receive buffer, which may hold the beginning of a request already.
    private const int BufferBytes = 192 << 10;
    private const int ReceiveBytes = 256 << 10;
    private const ulong WakeTag = ulong.MaxValue;

    private readonly IoUring _ring;
    private readonly BufferPool _buffers;
    private readonly RequestBuffer[] _provided = new RequestBuffer[ProvidedBuffers];
    private readonly int _wake;
    private readonly Lock _joinLock = new();
    private readonly List<int> _joining = [];
    private bool _enabled;

    private UringLoop(
        IoUring ring, int wake, LoopDriver driver, ServingThreads threads, StuckWatch watch, BufferPool buffers)
        : base(driver, threads, watch)
    {
        _ring = ring;
        _wake = wake;
        _buffers = buffers;
    }

    /// <summary>Makes a loop, if the system lets us have a ring.</summary>
    public static Errno TryCreate(
        LoopDriver driver, ServingThreads threads, StuckWatch watch, BufferPool buffers, out ServingLoop? loop)
    {
        loop = null;
        // The role of running the loop may move to another thread where requests may block.
        Errno errno = IoUring.TryCreate(Entries, Completions, isOneThreads: !watch.IsNeeded, out IoUring? ring);
        if (errno != Errno.Ok)
            return errno;
        errno = ring!.MakeBufferGroup(ProvidedBuffers);
        int wake = errno == Errno.Ok ? Libc.EventDescriptor() : -(int)errno;
        if (wake >= 0)
        {
            loop = new UringLoop(ring, wake, driver, threads, watch, buffers);
            return Errno.Ok;
        }

        ring.Dispose();
        return (Errno)(-wake);
    }

    public override void Dispose()
    {
        _ring.Dispose();
        Libc.Close(_wake);
    }

    [HotPath]
    protected override bool RunTurn()
    {
        if (!_enabled && !Enable())
            return true;
        // Not without end, for reads are to be heard of too.
        for (int taken = 0; taken < Entries && _ring.TryTake(out ulong tag, out int result, out ushort buffer); taken++)
        {
            if (tag == WakeTag)
                Join();
            else if (!Completed((int)tag, result, buffer))
                return false;
        }

        EndTurn();
        if (Reads.IsBusy)
            WaitBetweenReads();
        else
            _ring.SubmitAndWait();
        BeginTurn();
        return true;
    }

    [HotPath]
    private void WaitBetweenReads()
    {
        _ring.Submit();
        Reads.WaitFor(_ring.Descriptor);
    }

    // Only the loop's own thread may ask the ring for anything.
    protected override bool TryWatch(Served connection, int slot)
    {
        lock (_joinLock)
            _joining.Add(slot);
        Interrupt();
        return true;
    }

    // It leaves when its receive has just completed, and so has nothing under way.
    protected override void Unwatch(Served connection, int slot)
    {
    }

    protected override void Interrupt() => Libc.SignalEvent(_wake);

    private bool Enable()
    {
        Errno errno = _ring.Enable();
        if (errno != Errno.Ok)
        {
            Log.Error($"io_uring: {errno.Text()}");
            Stop();
            return false;
        }

        for (ushort number = 0; number < ProvidedBuffers; number++)
            Provide(number);
        _ring.Poll(_wake, WakeTag);
        _enabled = true;
        return true;
    }

    [HotPath]
    private void Provide(ushort number)
    {
        RequestBuffer buffer = _buffers.Rent(ReceiveBytes);
        _provided[number] = buffer;
        _ring.Provide(buffer.PayloadAddress, BufferBytes, number);
    }

    private void Join()
    {
        Libc.ClearEvent(_wake);
        _ring.Poll(_wake, WakeTag);
        lock (_joinLock)
        {
            foreach (int slot in _joining)
                if (At(slot) is { } connection)
                    _ring.Receive(connection.Descriptor, (ulong)slot);
            _joining.Clear();
        }
    }

    // False if the role has moved on.
    [HotPath]
    private bool Completed(int slot, int result, ushort number)
    {
        Served connection = At(slot)!;
        if (result > 0)
        {
            connection.Take(_provided[number], result);
            Provide(number);
            Pause pause = Serve(slot, connection);
            if (pause == Pause.NeedsBytes)
                _ring.Receive(connection.Descriptor, (ulong)slot);
            return pause != Pause.Lost;
        }

        // With other connections' bytes in all buffers, after a signal, or when the thread that asked has ended, it is
        // simply asked for again.
        if (result is -(int)Errno.ENOBUFS or -(int)Errno.EINTR or -(int)Errno.EAGAIN or -(int)Errno.ECANCELED)
            _ring.Receive(connection.Descriptor, (ulong)slot);
        else
            End(slot, connection);
        return true;
    }
}
