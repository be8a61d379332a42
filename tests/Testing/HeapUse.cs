// What an action takes of the managed heap. Not: what a whole server takes (tests/Allocations).

using System;

namespace NbdFast.Testing;

/// <summary>Bytes that this thread allocates.</summary>
public static class HeapUse
{
    private const int Attempts = 5;

    /// <summary>The bytes that an action takes when it is done a number of times. The least of several attempts, for
    /// the runtime allocates now and then for itself, as while it compiles a method anew; what the action needs it
    /// takes each time.</summary>
    public static long Of(int times, Action action)
    {
        long least = long.MaxValue;
        for (int attempt = 0; attempt < Attempts && least > 0; attempt++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < times; i++)
                action();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
