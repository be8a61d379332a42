// The memory that requests under way take, whatever clients do. Not: the budget by itself (Buffers/ByteBudgetTests).

using System;
using System.Linq;
using NbdFast.Testing;

namespace NbdFast.Core.Tests.Server;

public sealed class MemoryTests
{
    private const int Size = 32 << 20;
    private const long Bound = 48 << 20;

    // Sockets, and what other tests of the process do meanwhile.
    private const long Others = 512 << 20;

    [Theory]
    [InlineData(Latency.Memory)]
    [InlineData(Latency.Blocking)]
    public void Large_requests_of_many_clients_are_all_served(Latency latency)
    {
        const int Clients = 8;
        const int Requests = 6;
        const int Length = 16 << 20;
        using LocalServer server = Start(latency);
        RawClient[] clients = [.. Enumerable.Range(0, Clients).Select(_ => server.Open())];
        foreach (RawClient client in clients)
            for (ulong cookie = 1; cookie <= Requests; cookie++)
                client.SendRequest(NbdWire.CmdRead, cookie, 0, Length);
        byte[] room = new byte[16 + Length];
        for (int request = 0; request < Requests; request++)
            foreach (RawClient client in clients)
            {
                client.ReceiveInto(room);
                Assert.Equal(-1, room.AsSpan(4, 4).IndexOfAnyExcept((byte)0));
                Assert.Equal(-1, room.AsSpan(16).IndexOfAnyExcept((byte)0xab));
            }

        foreach (RawClient client in clients)
            client.Dispose();
    }

    [Fact]
    public void Clients_that_never_read_take_no_more_than_the_bound()
    {
        const int Clients = 4;
        using LocalServer server = Start(Latency.Blocking);
        long before = Environment.WorkingSet;
        RawClient[] deaf = [.. Enumerable.Range(0, Clients).Select(_ => server.Open())];
        foreach (RawClient client in deaf)
            for (ulong cookie = 1; cookie <= 16; cookie++)
                client.SendRequest(NbdWire.CmdRead, cookie, 0, Size);   // 512 MiB for each of them.
        using RawClient other = server.Open();
        for (int i = 0; i < 5; i++)
            Assert.Equal(1 << 20, other.Read(0, 1 << 20).Data.Length);
        long most = Bound + Clients * (long)Size + Others;
        Assert.InRange(Environment.WorkingSet - before, long.MinValue, most);
        foreach (RawClient client in deaf)
            client.Dispose();
    }

    private static LocalServer Start(Latency latency) => LocalServer.Start(
        new ConstantPlugin(latency), options: options => options with { BytesUnderWay = Bound });

    // A disk of one byte, without memory of its own.
    private sealed class ConstantPlugin(Latency latency) : Plugin
    {
        public override NbdFast.Chain.UnitTable Table { get; } = Modes.Table(latency, operations: Operations.Read);

        public override string? MissingParameter => null;

        public override bool Bind(string key, string value) => false;

        public override Errno Describe(ref ExportInfo info)
        {
            info.Size = Size;
            return Errno.Ok;
        }

        public override Errno Read(Span<byte> buffer, ulong offset)
        {
            buffer.Fill(0xab);
            return Errno.Ok;
        }
    }
}
