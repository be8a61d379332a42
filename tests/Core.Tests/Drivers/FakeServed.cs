// A connection that answers each byte with itself. Not: a protocol.

using System;
using System.Threading;
using NbdFast.Buffers;
using NbdFast.Drivers;
using NbdFast.Native;

namespace NbdFast.Core.Tests.Drivers;

/// <summary>One end of a pair of sockets, served by a driver; the other end is the test's.</summary>
internal sealed class FakeServed : Served, IDisposable
{
    private readonly BufferPool _pool;
    private readonly int _near;
    private readonly int _far;
    private int _ends;
    private int _waiting;

    public FakeServed(BufferPool pool)
    {
        _pool = pool;
        Assert.Equal(Errno.Ok, Libc.SocketPair(out _near, out _far));
        Role = new Role(ThreadWork);
    }

    public override int Descriptor => _near;

    public override Role Role { get; }

    /// <summary>What the next bytes bring about.</summary>
    public Pause Next { get; set; } = Pause.NeedsBytes;

    /// <summary>The thread that served it last.</summary>
    public int ServedBy { get; private set; }

    /// <summary>It has been ended.</summary>
    public bool HasEnded => Volatile.Read(ref _ends) > 0;

    /// <summary>Sends a byte and waits for its answer.</summary>
    public void Exchange()
    {
        Libc.Write(_far, [1]);
        byte[] answer = new byte[1];
        Assert.Equal(1, Libc.Receive(_far, answer, wait: true));
    }

    /// <summary>Lets the server see the end of the stream.</summary>
    public void Hang() => Libc.ShutdownSocket(_far, 1);

    public override Pause Serve(Role role, bool mayWait)
    {
        ServedBy = Environment.CurrentManagedThreadId;
        Pause next = mayWait ? Pause.NeedsBytes : Next;
        if (next == Pause.NeedsBytes && _waiting > 0)
            Libc.Write(_near, new byte[Interlocked.Exchange(ref _waiting, 0)]);
        return next;
    }

    public override nint Receive(bool wait)
    {
        nint count = Libc.Receive(_near, new byte[16], wait);
        _waiting += (int)Math.Max(count, 0);
        return count;
    }

    public override void Take(RequestBuffer buffer, int count)
    {
        _waiting += count;
        _pool.Return(buffer);
    }

    public override void Rest()
    {
    }

    public override void TakeOver()
    {
    }

    public override void End() => Interlocked.Increment(ref _ends);

    public void Dispose()
    {
        Libc.Close(_near);
        Libc.Close(_far);
    }
}
