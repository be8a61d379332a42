// Finds threads that are stuck in a request and gives their role to others. Not: the role (Role).

using System;
using System.Collections.Generic;
using System.Threading;
using NbdFast.Native;

namespace NbdFast.Drivers;

/// <summary>
/// A thread that looks at all roles once a millisecond, and sleeps while nobody serves. A request that is found running
/// twice in a row, and whose thread waits for something, has its role taken away. A thread that computes, or that only
/// waits for a CPU, is given more time: a second thread would not get on faster.
/// </summary>
internal sealed class StuckWatch : IDisposable
{
    private const int TickMs = 1;
    private const int TicksUntilSuspicion = 1;
    private const int TicksUntilTaken = 20;
    private const int QuietTicksUntilSleep = 50;

    private readonly ServingThreads _threads;
    private readonly object _lock = new();
    private readonly List<Role> _roles = [];
    private readonly ManualResetEventSlim _wake = new(initialState: false, spinCount: 0);
    private int _asleep = 1;
    private bool _started;
    private bool _disposed;

    /// <summary>Makes a watch; its thread is made by <see cref="Start"/>.</summary>
    /// <param name="threads">Threads that take roles over.</param>
    public StuckWatch(ServingThreads threads) => _threads = threads;

    /// <summary>There are requests that may block.</summary>
    public bool IsNeeded => Volatile.Read(ref _started);

    /// <summary>How often a role was taken away.</summary>
    public long Taken { get; private set; }

    /// <summary>Requests may block from now on: without such ones there is no thread.</summary>
    public void Start()
    {
        lock (_lock)
        {
            if (_started)
                return;
            Thread thread = new(Watch, ServingThreads.StackBytes) { IsBackground = true, Name = "watch" };
            thread.Start();
            Volatile.Write(ref _started, true);
        }
    }

    /// <summary>Watches a role from now on.</summary>
    public void Add(Role role)
    {
        lock (_lock)
            _roles.Add(role);
    }

    /// <summary>Watches it no longer.</summary>
    public void Remove(Role role)
    {
        lock (_lock)
            _roles.Remove(role);
    }

    /// <summary>A role is active: the watch must not sleep. To be called after <see cref="Role.Enter"/>.</summary>
    [HotPath]
    public void StayAwake()
    {
        if (Volatile.Read(ref _asleep) != 0 && Volatile.Read(ref _started))
            _wake.Set();
    }

    /// <summary>Ends the thread.</summary>
    public void Dispose()
    {
        Volatile.Write(ref _disposed, true);
        _wake.Set();
    }

    private void Watch()
    {
        int quietTicks = 0;
        while (!Volatile.Read(ref _disposed))
        {
            quietTicks = Look() ? 0 : quietTicks + 1;
            if (quietTicks < QuietTicksUntilSleep)
            {
                Thread.Sleep(TickMs);
                continue;
            }

            SleepUntilSomebodyServes();
            quietTicks = 0;
        }
    }

    // Whoever begins to serve after the fence sees that the watch sleeps; whoever began before is seen here.
    private void SleepUntilSomebodyServes()
    {
        _wake.Reset();
        Interlocked.Exchange(ref _asleep, 1);
        if (!Volatile.Read(ref _disposed) && !Look())
            _wake.Wait();
        Volatile.Write(ref _asleep, 0);
    }

    // True if anybody serves.
    private bool Look()
    {
        bool anybody = false;
        lock (_lock)
        {
            foreach (Role role in _roles)
                anybody |= Look(role);
        }

        return anybody;
    }

    private bool Look(Role role)
    {
        long word = role.Word;
        if (word != role.SeenWord)
        {
            role.SeenWord = word;
            role.SeenTicks = 0;
            return true;
        }

        bool isRunning = (word & 1) != 0;
        if (!isRunning)
            return role.IsActive;
        role.SeenTicks++;
        // To ask the kernel about a thread takes memory, which there may not be for swap.
        bool isStuck = role.SeenTicks >= TicksUntilTaken || (role.SeenTicks >= TicksUntilSuspicion
            && (ServerControl.ServesSwap || !Libc.IsThreadRunnable(role.Thread)));
        if (isStuck && _threads.HasRoom && role.TryTake(word))
        {
            Taken++;
            _threads.Enqueue(role.TakeOver);
        }

        return true;
    }
}
