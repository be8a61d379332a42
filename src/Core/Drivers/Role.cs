// The role of the one thread that receives and serves, and how it moves when that thread is stuck. Not: finding out
// that it is stuck (StuckWatch).

using System.Threading;
using NbdFast.Native;

namespace NbdFast.Drivers;

/// <summary>
/// A word that is odd while a request runs that may block, and grows with each. Both the thread that runs the request
/// and the watch that finds it stuck end the request by the same compare-and-swap: whoever loses it has lost the role.
/// </summary>
/// <param name="takeOver">What serves on in place of a stuck thread.</param>
internal sealed class Role(Work takeOver)
{
    private long _word;
    private int _active;
    private int _thread;

    /// <summary>What serves on in place of a stuck thread.</summary>
    public Work TakeOver => takeOver;

    /// <summary>The number of the thread that has the role, as the kernel counts.</summary>
    public int Thread => Volatile.Read(ref _thread);

    /// <summary>The word as it is now: odd while a request runs.</summary>
    public long Word => Volatile.Read(ref _word);

    /// <summary>A thread has the role, and may begin requests.</summary>
    public bool IsActive => Volatile.Read(ref _active) != 0;

    /// <summary>For the watch alone: the word that it saw last, and for how many ticks.</summary>
    internal long SeenWord { get; set; }

    /// <inheritdoc cref="SeenWord"/>
    internal int SeenTicks { get; set; }

    /// <summary>The calling thread begins to serve. A full fence: the watch either sees it or is seen asleep.</summary>
    [HotPath]
    public void Enter()
    {
        _thread = Libc.ThreadNumber();
        Interlocked.Exchange(ref _active, 1);
    }

    /// <summary>The thread that has the role is about to wait for bytes.</summary>
    [HotPath]
    public void Leave() => Volatile.Write(ref _active, 0);

    /// <summary>The thread that has the role begins a request.</summary>
    /// <returns>What <see cref="End"/> wants to know.</returns>
    [HotPath]
    public long Begin()
    {
        long turn = (_word + 1) | 1;   // Odd also after a request that an exception kept from ending.
        Volatile.Write(ref _word, turn);
        return turn;
    }

    /// <summary>The request has been run.</summary>
    /// <returns>False if the role has been taken away meanwhile.</returns>
    [HotPath]
    public bool End(long turn) => Interlocked.CompareExchange(ref _word, turn + 1, turn) == turn;

    /// <summary>Takes the role from a thread that has been running the request of this word for too long.</summary>
    /// <returns>False if it has just ended.</returns>
    public bool TryTake(long word) => Interlocked.CompareExchange(ref _word, word + 1, word) == word;
}
