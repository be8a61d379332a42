// Reads of files that are not in the page cache cost no managed memory either. Not: other reads (ServingTests).

using System;
using NbdFast.Drivers;
using NbdFast.Testing;

namespace NbdFast.Allocations;

public sealed class ColdServingTests
{
    private const int BatchesPerRound = 16;
    private const int MostRounds = 25;

    [Theory]
    [InlineData(nameof(IoChoice.Threads), ReplyMode.Simple, 4096)]
    [InlineData(nameof(IoChoice.Threads), ReplyMode.Extended, 512)]
    [InlineData(nameof(IoChoice.Threads), ReplyMode.Structured, 131_072)]
    [InlineData(nameof(IoChoice.Epoll), ReplyMode.Structured, 4096)]
    [InlineData(nameof(IoChoice.Uring), ReplyMode.Simple, 4096)]
    public void Serving_allocates_nothing(string io, ReplyMode mode, int length)
    {
        LentFile file = new(4 << 20);
        using LocalServer server = LocalServer.Start(
            file,
            options: options => options with { Io = Enum.Parse<IoChoice>(io) },
            checksContract: false);
        using RawClient client = server.Open(mode);
        RequestBatch batch = new(mode, NbdWire.CmdRead, length, length > 65_536 ? 8 : 64);
        long least = long.MaxValue;
        for (int round = 0; round < MostRounds && least > 0; round++)
            least = Math.Min(least, BytesOfRound(client, batch, file));
        Assert.Equal(0, least);
    }

    private static long BytesOfRound(RawClient client, RequestBatch batch, LentFile file)
    {
        long before = GC.GetTotalAllocatedBytes(precise: true);
        for (int i = 0; i < BatchesPerRound; i++)
        {
            file.DropFromCache();
            batch.Run(client);
        }

        return GC.GetTotalAllocatedBytes(precise: true) - before;
    }
}
