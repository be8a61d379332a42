// Counts what requests allocate, leaving out what a process needs once. Not: which requests (RequestBatch).

using System;
using NbdFast.Testing;

namespace NbdFast.Allocations;

/// <summary>Rounds of batches, of which the one that allocated least counts.</summary>
internal static class BestRound
{
    private const int BatchesPerRound = 32;

    // What connections and threads need once is made in the first rounds; which round is the first without anything of
    // the kind depends on the machine. A request that allocates spoils every one of them.
    private const int MostRounds = 25;

    /// <summary>How many requests a round has.</summary>
    public static int Requests(RequestBatch batch) => BatchesPerRound * batch.Count;

    /// <summary>Fails unless there is a round in which nothing was allocated.</summary>
    public static void AssertNothingAllocated(RawClient client, RequestBatch batch)
    {
        long bytes = Bytes(client, batch);
        Assert.True(bytes == 0, $"{(double)bytes / Requests(batch):f2} bytes for each request");
    }

    /// <summary>The bytes of the best round.</summary>
    public static long Bytes(RawClient client, RequestBatch batch)
    {
        long least = long.MaxValue;
        for (int round = 0; round < MostRounds && least > 0; round++)
            least = Math.Min(least, BytesOfRound(client, batch));
        return least;
    }

    private static long BytesOfRound(RawClient client, RequestBatch batch)
    {
        int collections = GC.CollectionCount(0);
        long before = GC.GetTotalAllocatedBytes(precise: true);
        for (int i = 0; i < BatchesPerRound; i++)
            batch.Run(client);
        long bytes = GC.GetTotalAllocatedBytes(precise: true) - before;
        return bytes == 0 ? GC.CollectionCount(0) - collections : bytes;
    }
}
