// Reads of files that are not in the page cache cost no managed memory either. Not: other reads (ServingTests).

using System;
using System.IO;
using Microsoft.Win32.SafeHandles;
using NbdFast.Chain;
using NbdFast.Drivers;
using NbdFast.Native;
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
        using TempFolder folder = new();
        TempDisk.CreateRandom(folder.File("disk"), 4 << 20);
        using SafeFileHandle file = File.OpenHandle(folder.File("disk"), FileMode.Open, FileAccess.ReadWrite);
        RandomAccess.FlushToDisk(file);
        using LocalServer server = LocalServer.Start(
            new LentFile((int)file.DangerousGetHandle()),
            options: options => options with { Io = Enum.Parse<IoChoice>(io) },
            checksContract: false);
        using RawClient client = server.Open(mode);
        RequestBatch batch = new(mode, NbdWire.CmdRead, length, length > 65_536 ? 8 : 64);
        long least = long.MaxValue;
        for (int round = 0; round < MostRounds && least > 0; round++)
            least = Math.Min(least, BytesOfRound(client, batch, file));
        Assert.Equal(0, least);
    }

    private static long BytesOfRound(RawClient client, RequestBatch batch, SafeFileHandle file)
    {
        int descriptor = (int)file.DangerousGetHandle();
        long before = GC.GetTotalAllocatedBytes(precise: true);
        for (int i = 0; i < BatchesPerRound; i++)
        {
            Libc.Advise(descriptor, 0, 0, FileAdvice.DontNeed);
            batch.Run(client);
        }

        return GC.GetTotalAllocatedBytes(precise: true) - before;
    }

    private sealed class LentFile(int descriptor) : Plugin
    {
        public override UnitTable Table { get; } = new()
        {
            Name = "lent",
            LongName = "lent file",
            Latency = Latency.MayBlock,
            Operations = Operations.Read | Operations.Lend,
        };

        public override string? MissingParameter => null;

        public override bool Bind(string key, string value) => false;

        public override Errno Describe(ref ExportInfo info)
        {
            info.Size = 4 << 20;
            return Errno.Ok;
        }

        public override Errno Read(Span<byte> buffer, ulong offset) =>
            Libc.ReadAt(descriptor, buffer, offset) == buffer.Length ? Errno.Ok : Errno.EIO;

        public override Loan Lend(uint count, ulong offset, bool wantHoles) =>
            Loan.OfFile(descriptor, offset, count);
    }
}
