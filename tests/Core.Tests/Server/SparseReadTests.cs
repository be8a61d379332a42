// Reads that are answered from where the bytes lie: lent memory and holes. Not: units that lend.

using System;
using System.Linq;
using NbdFast.Native;
using NbdFast.Testing;

namespace NbdFast.Core.Tests.Server;

public sealed class SparseReadTests : IDisposable
{
    private const int Size = 4 << 20;
    private const int Page = 4096;

    private readonly NativeBuffer _disk = new(Size);
    private readonly Journal _journal = new();

    public static TheoryData<ReplyMode, Latency> Ways => Modes.AllTimesPlans;

    public static TheoryData<ReplyMode> Chunked => Modes.Chunked;

    public SparseReadTests() => new Seed(3).Random.NextBytes(_disk.Span);

    public void Dispose() => _disk.Release();

    [Theory]
    [MemberData(nameof(Ways))]
    public void Lent_memory_is_sent_and_read_is_not_called(ReplyMode mode, Latency latency)
    {
        using LocalServer server = LocalServer.Start(Lending(latency, LendAll));
        using RawClient client = server.Open(mode);
        foreach ((ulong offset, int count) in new (ulong, int)[] { (0, 1), (1000, 4096), (7, 1 << 20), (0, Size) })
            Assert.Equal(_disk.Span.Slice((int)offset, count).ToArray(), client.Read(offset, count).Data);
        Assert.Empty(_journal.With(": read "));
    }

    [Theory]
    [MemberData(nameof(Chunked))]
    public void A_hole_is_one_chunk_without_data(ReplyMode mode)
    {
        using LocalServer server = LocalServer.Start(
            Lending(Latency.Memory, (count, _, wantHoles) => wantHoles ? Loan.OfHole(count) : Loan.None));
        using RawClient client = server.Open(mode);
        Reply reply = client.Read(512, Size - 512);
        Assert.Equal(new byte[Size - 512], reply.Data);
        Chunk chunk = Assert.Single(reply.Chunks);
        Assert.Equal(NbdWire.ChunkOffsetHole, chunk.Type);
        Assert.Equal(12, chunk.Payload.Length);
    }

    [Fact]
    public void Zeroes_are_sent_where_holes_cannot_be_told()
    {
        using LocalServer server = LocalServer.Start(Lending(Latency.Memory, (count, _, _) => Loan.OfHole(count)));
        using RawClient client = server.Open();
        Assert.Equal(new byte[Size], client.Read(0, Size).Data);
        Assert.Equal(new byte[1], client.Read(77, 1).Data);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Memory_and_holes_alternate(ReplyMode mode, Latency latency)
    {
        using LocalServer server = LocalServer.Start(Lending(latency, Striped));
        using RawClient client = server.Open(mode);
        Reply reply = client.Read(100, 10 * Page);
        Assert.Equal(Expected(100, 10 * Page), reply.Data);
        if (mode != ReplyMode.Simple)
            Assert.Equal(
                [1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1], reply.Chunks.Select(chunk => (int)chunk.Type));
        Assert.Empty(_journal.With(": read "));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Too_many_pieces_are_read_instead(ReplyMode mode, Latency latency)
    {
        using LocalServer server = LocalServer.Start(Lending(latency, Striped));
        using RawClient client = server.Open(mode);
        Assert.Equal(Expected(0, 64 * Page), client.Read(0, 64 * Page).Data);
        Assert.Empty(_journal.With(": read "));
        Assert.Equal(_disk.Span[..(65 * Page)].ToArray(), client.Read(0, 65 * Page).Data);   // Read knows of no holes.
        Assert.Single(_journal.With(": read "));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_range_that_is_lent_in_part_is_read_instead(ReplyMode mode, Latency latency)
    {
        using LocalServer server = LocalServer.Start(Lending(
            latency, (count, offset, _) => offset >= Page ? Loan.None : LendAll(Math.Min(count, Page), offset, true)));
        using RawClient client = server.Open(mode);
        Assert.Equal(_disk.Span[..(2 * Page)].ToArray(), client.Read(0, 2 * Page).Data);
        Assert.Single(_journal.With("read 8192 0"));
    }

    [Theory]
    [MemberData(nameof(Chunked))]
    public void Df_gets_one_chunk(ReplyMode mode)
    {
        using LocalServer server = LocalServer.Start(Lending(Latency.Memory, Striped));
        using RawClient client = server.Open(mode);
        Reply reply = client.Read(0, 3 * Page, NbdWire.FlagDf);
        Assert.Equal(NbdWire.ChunkOffsetData, Assert.Single(reply.Chunks).Type);
        Assert.Single(_journal.With(": read "));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void An_exception_while_lending_costs_its_request_only(ReplyMode mode, Latency latency)
    {
        using LocalServer server = LocalServer.Start(Lending(
            latency, (_, offset, _) => offset == 0 ? throw new InvalidOperationException("broken") : Loan.None));
        using RawClient client = server.Open(mode);
        Assert.Equal(NbdWire.Eio, client.Read(0, 512).Error);
        Assert.Equal(0U, client.Read(512, 512).Error);
    }

    // Pages are memory and holes in turn.
    private Loan Striped(uint count, ulong offset, bool wantHoles)
    {
        uint length = (uint)Math.Min(count, Page - offset % Page);
        return offset / Page % 2 == 1 ? Loan.OfHole(length) : LendAll(length, offset, wantHoles);
    }

    private Loan LendAll(uint count, ulong offset, bool wantHoles) =>
        Loan.OfMemory(_disk.Address + (nint)offset, count);

    private byte[] Expected(int offset, int count)
    {
        byte[] all = _disk.Span.ToArray();
        for (int page = 1; page < all.Length / Page; page += 2)
            all.AsSpan(page * Page, Page).Clear();
        return all[offset..(offset + count)];
    }

    private FakePlugin Lending(Latency latency, Func<uint, ulong, bool, Loan> lend) => new(journal: _journal)
    {
        Disk = _disk.Span.ToArray(),
        TableOverride = Modes.Table(latency, operations: Operations.All | Operations.Lend),
        Lending = lend,
    };
}
