// Loops over both mechanisms: who is served by which, and when a connection leaves. Not: requests (Server).

using System;
using System.Linq;
using System.Threading;
using NbdFast.Buffers;
using NbdFast.Drivers;

namespace NbdFast.Core.Tests.Drivers;

public sealed class LoopTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ServingThreads _threads = new("test", 64);
    private readonly BufferPool _buffers = new();
    private readonly StuckWatch _watch;

    public LoopTests() => _watch = new StuckWatch(_threads);

    public static TheoryData<string> Kinds() => [nameof(IoChoice.Epoll), nameof(IoChoice.Uring)];

    public void Dispose() => _watch.Dispose();

    [Theory]
    [MemberData(nameof(Kinds))]
    public void One_loop_serves_all_connections_on_one_thread(string kind)
    {
        using LoopDriver loops = Loops(kind);
        FakeServed[] all = Connections(20);
        Assert.All(all, connection => Assert.True(loops.TryAdd(connection)));
        for (int round = 0; round < 3; round++)
            foreach (FakeServed connection in all)
                connection.Exchange();
        Assert.Single(all.Select(connection => connection.ServedBy).Distinct());
        End(all);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_connection_that_would_wait_goes_to_a_thread_and_comes_back(string kind)
    {
        using LoopDriver loops = Loops(kind);
        FakeServed[] all = Connections(2);
        Crowd crowd = new(Enum.Parse<IoChoice>(kind));
        foreach (FakeServed connection in all)
        {
            connection.Driver = new ThreadDriver(crowd, _watch, loops);
            Assert.True(loops.TryAdd(connection));
            connection.Exchange();
        }

        int loop = all[0].ServedBy;
        all[1].Next = Pause.NeedsThread;
        all[1].Exchange();
        Assert.NotEqual(loop, all[1].ServedBy);
        all[0].Exchange();
        Assert.Equal(loop, all[0].ServedBy);
        all[1].Next = Pause.NeedsBytes;
        Assert.True(SpinWait.SpinUntil(() => IsBack(all[1], loop), Patience));
        End(all);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_busy_loop_shares_its_connections_with_another(string kind)
    {
        using LoopDriver one = Loops(kind);
        using LoopDriver two = Loops(kind);
        ServingLoop busy = Loop(kind, one);
        ServingLoop idle = Loop(kind, two);
        FakeServed[] all = Connections(10);
        Assert.All(all, connection => Assert.True(busy.TryAdd(connection)));
        busy.Share(idle);
        foreach (FakeServed connection in all)
            connection.Exchange();
        foreach (FakeServed connection in all)
            connection.Exchange();
        Assert.Equal((5, 5), (busy.Count, idle.Count));
        Assert.Equal(2, all.Select(connection => connection.ServedBy).Distinct().Count());
        End(all);
        busy.Stop();
        idle.Stop();
    }

    private static bool IsBack(FakeServed connection, int loop)
    {
        Thread.Sleep(5);   // Quiet for long enough.
        connection.Exchange();
        return connection.ServedBy == loop;
    }

    private static void End(FakeServed[] all)
    {
        foreach (FakeServed connection in all)
            connection.Hang();
        Assert.True(SpinWait.SpinUntil(() => all.All(connection => connection.HasEnded), Patience));
        foreach (FakeServed connection in all)
            connection.Dispose();
    }

    private FakeServed[] Connections(int count) =>
        [.. Enumerable.Range(0, count).Select(_ => new FakeServed(_buffers))];

    private LoopDriver Loops(string kind) => new(Enum.Parse<IoChoice>(kind), _threads, _watch, _buffers);

    // A kernel without io_uring has the same done by epoll.
    private ServingLoop Loop(string kind, LoopDriver driver)
    {
        ServingLoop? loop = null;
        if (kind != nameof(IoChoice.Uring)
            || UringLoop.TryCreate(driver, _threads, _watch, _buffers, out loop) != Errno.Ok)
        {
            Assert.Equal(Errno.Ok, EpollLoop.TryCreate(driver, _threads, _watch, out loop));
        }

        _threads.Enqueue(loop!);
        return loop!;
    }
}
