// Sync calls of links that only have async operations. Not: async calls of sync links, which are finished at once.

using System;
using System.Threading.Tasks;
using NbdFast.Chain;
using NbdFast.Testing;

namespace NbdFast.Core.Tests.Chain;

public sealed class SyncBridgeTests
{
    [Fact]
    public void A_read_fills_the_callers_span()
    {
        byte[] buffer = new byte[64];
        Assert.Equal(Errno.Ok, new Remote().Read(buffer.AsSpan(8, 16), 100));
        Assert.Equal(16, Array.FindAll(buffer, b => b == 100).Length);
        Assert.Equal(0, buffer[7]);
        Assert.Equal(0, buffer[24]);
    }

    [Fact]
    public void A_write_sees_the_callers_span()
    {
        var remote = new Remote();
        Span<byte> data = stackalloc byte[3];
        data.Fill(7);
        Assert.Equal(Errno.Ok, remote.Write(data, 0, RequestFlags.None));
        Assert.Equal([7, 7, 7], remote.LastWrite);
    }

    [Fact]
    public void Operations_without_data_wait_too()
    {
        var remote = new Remote();
        Assert.Equal(Errno.EBUSY, remote.Flush());
        Assert.Equal(Errno.EBUSY, remote.Trim(1, 0, RequestFlags.None));
        Assert.Equal(Errno.EBUSY, remote.Zero(1, 0, RequestFlags.None));
        Assert.Equal(Errno.EBUSY, remote.Cache(1, 0));
        Assert.Equal(Errno.EBUSY, remote.Extents(1, 0, RequestFlags.None, new ExtentList(0, 1)));
    }

    [Fact]
    public void An_exception_of_the_operation_comes_out_as_it_is() =>
        Assert.Throws<InvalidOperationException>(() => new Remote { Fails = true }.Read(new byte[1], 0));

    [Fact]
    public async Task A_sync_operation_is_finished_when_called_async()
    {
        Task<Errno> read = new FakePlugin().ReadAsync(new byte[8], 0).AsTask();
        Assert.True(read.IsCompletedSuccessfully);
        Assert.Equal(Errno.Ok, await read);
    }

    [Fact]
    public void A_sync_filter_over_an_async_plugin_works()
    {
        using var chain = ChainHarness.Open(new RemotePlugin(), [new FakeFilter("f")]);
        Assert.Equal([5, 5, 5], chain.ReadBytes(5, 3));
        Assert.Equal(ExecutionPlan.Workers, chain.Plan);
    }

    private sealed class Remote : Link
    {
        public byte[] LastWrite { get; private set; } = [];

        public bool Fails { get; init; }

        public override Errno Describe(ref ExportInfo info)
        {
            info.Size = 512;
            return Errno.Ok;
        }

        public override async ValueTask<Errno> ReadAsync(Memory<byte> buffer, ulong offset)
        {
            await Task.Yield();
            buffer.Span.Fill((byte)offset);
            return Fails ? throw new InvalidOperationException() : Errno.Ok;
        }

        public override async ValueTask<Errno> WriteAsync(ReadOnlyMemory<byte> data, ulong offset, RequestFlags flags)
        {
            await Task.Yield();
            LastWrite = data.ToArray();
            return Errno.Ok;
        }

        public override ValueTask<Errno> FlushAsync() => Busy();

        public override ValueTask<Errno> TrimAsync(ulong count, ulong offset, RequestFlags flags) => Busy();

        public override ValueTask<Errno> ZeroAsync(ulong count, ulong offset, RequestFlags flags) => Busy();

        public override ValueTask<Errno> ExtentsAsync(
            ulong count, ulong offset, RequestFlags flags, ExtentList extents) => Busy();

        public override ValueTask<Errno> CacheAsync(ulong count, ulong offset) => Busy();

        private static async ValueTask<Errno> Busy()
        {
            await Task.Yield();
            return Errno.EBUSY;
        }
    }

    private sealed class RemotePlugin : Plugin
    {
        public override UnitTable Table { get; } = new()
        {
            Name = "remote",
            LongName = "",
            Operations = Operations.Read,
            AsyncOperations = Operations.Read,
            Latency = Latency.Blocking,
        };

        public override string? MissingParameter => null;

        public override bool Bind(string key, string value) => false;

        public override Link Open(OpenRequest request) => new Remote();
    }
}
