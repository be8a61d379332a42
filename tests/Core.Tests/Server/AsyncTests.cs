// Plugins whose operations end later, on any thread. Not: the plan that they get (Chain).

using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using NbdFast.Chain;
using NbdFast.Testing;

namespace NbdFast.Core.Tests.Server;

public sealed class AsyncTests
{
    private static readonly byte[] Data = [.. Enumerable.Range(0, 100_000).Select(i => (byte)(i * 7))];

    public static TheoryData<ReplyMode> All => Modes.All;

    [Theory]
    [MemberData(nameof(All))]
    public void Every_command_ends_later(ReplyMode mode)
    {
        using LocalServer server = LocalServer.Start(new LatePlugin());
        using RawClient client = Open(server, mode);
        Assert.Equal(0U, client.Write(1000, Data).Error);
        Assert.Equal(Data, client.Read(1000, Data.Length).Data);
        Assert.Equal(0U, client.Zero(1000, 10).Error);
        Assert.Equal([.. new byte[10], .. Data[10..20]], client.Read(1000, 20).Data);
        Assert.Equal(0U, client.Flush().Error);
        Assert.Equal(0U, client.Trim(0, 512).Error);
        Assert.Equal(0U, client.Cache(0, 512).Error);
        if (mode != ReplyMode.Simple)
            Assert.Equal([new StatusExtent(1, 512, 0)], client.BlockStatus(0, 512).Extents);
        client.Disconnect();
        Assert.Empty(client.ReceiveToEnd());
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Errors_and_exceptions_cost_their_request_only(ReplyMode mode)
    {
        LatePlugin plugin = new();
        using LocalServer server = LocalServer.Start(plugin);
        using RawClient client = Open(server, mode);
        plugin.Answer = () => Errno.ENOSPC;
        Assert.Equal(NbdWire.Enospc, client.Write(0, Data).Error);
        Assert.Equal(NbdWire.Enospc, client.Read(0, 512).Error);
        plugin.Answer = () => throw new InvalidOperationException("broken");
        Assert.Equal(NbdWire.Eio, client.Write(0, Data).Error);
        Assert.Equal(NbdWire.Eio, client.Read(0, 512).Error);
        Assert.Equal(NbdWire.Eio, client.Flush().Error);
        plugin.Answer = () => Errno.Ok;
        Assert.Equal(0U, client.Flush().Error);
    }

    [Fact]
    public void As_many_operations_are_under_way_as_there_are_threads_and_no_thread_waits_for_them()
    {
        LatePlugin plugin = new() { Held = [] };
        using LocalServer server = LocalServer.Start(plugin, options: options => options with { Threads = 5 });
        using RawClient client = server.Open();
        ulong[] cookies = [.. Enumerable.Range(1, 12).Select(i => (ulong)i)];
        foreach (ulong cookie in cookies)
            client.SendRequest(NbdWire.CmdFlush, cookie, 0, 0);
        Assert.True(SpinWait.SpinUntil(() => plugin.Waiting == 5, TimeSpan.FromSeconds(30)));
        Assert.False(client.HasBytes(100));
        Assert.Equal(5, plugin.Waiting);
        plugin.LetGo();
        client.ReceiveReplies(cookies);
    }

    [Fact]
    public void Operations_under_way_are_waited_for_when_the_client_has_gone()
    {
        LatePlugin plugin = new() { Held = [] };
        using LocalServer server = LocalServer.Start(plugin);
        using (RawClient client = server.Open())
        {
            for (ulong cookie = 1; cookie <= 3; cookie++)
                client.SendRequest(NbdWire.CmdRead, cookie, 0, 100_000);
            Assert.True(SpinWait.SpinUntil(() => plugin.Waiting == 3, TimeSpan.FromSeconds(30)));
        }

        plugin.LetGo();
        using RawClient next = server.Open();
        Assert.Equal(0U, next.Flush().Error);
    }

    private static RawClient Open(LocalServer server, ReplyMode mode) =>
        mode == ReplyMode.Simple ? server.Open(mode) : server.Open(mode, "", "base:allocation");

    // Every operation ends on another thread, or when the test lets it go.
    private sealed class LatePlugin : Plugin
    {
        private readonly byte[] _disk = new byte[1 << 20];
        private readonly Lock _lock = new();

        public override UnitTable Table { get; } = new()
        {
            Name = "late",
            LongName = "late plugin",
            Latency = Latency.Blocking,
            Operations = Operations.All,
            AsyncOperations = Operations.All,
        };

        public override string? MissingParameter => null;

        public Func<Errno> Answer { get; set; } = () => Errno.Ok;

        public List<TaskCompletionSource>? Held { get; set; }

        public int Waiting
        {
            get
            {
                lock (_lock)
                    return Held?.Count ?? 0;
            }
        }

        public override bool Bind(string key, string value) => false;

        public override Errno Describe(ref ExportInfo info)
        {
            info.Size = (ulong)_disk.Length;
            return Errno.Ok;
        }

        public void LetGo()
        {
            List<TaskCompletionSource> held;
            lock (_lock)
            {
                held = Held!;
                Held = null;
            }

            foreach (TaskCompletionSource one in held)
                one.SetResult();
        }

        public override ValueTask<Errno> ReadAsync(Memory<byte> buffer, ulong offset) =>
            Later(() => _disk.AsSpan((int)offset, buffer.Length).CopyTo(buffer.Span));

        public override ValueTask<Errno> WriteAsync(ReadOnlyMemory<byte> data, ulong offset, RequestFlags flags) =>
            Later(() => data.Span.CopyTo(_disk.AsSpan((int)offset)));

        public override ValueTask<Errno> FlushAsync() => Later(() => { });

        public override ValueTask<Errno> TrimAsync(ulong count, ulong offset, RequestFlags flags) => Later(() => { });

        public override ValueTask<Errno> ZeroAsync(ulong count, ulong offset, RequestFlags flags) =>
            Later(() => _disk.AsSpan((int)offset, (int)count).Clear());

        public override ValueTask<Errno> CacheAsync(ulong count, ulong offset) => Later(() => { });

        public override ValueTask<Errno> ExtentsAsync(
            ulong count, ulong offset, RequestFlags flags, ExtentList extents) =>
            Later(() => extents.Add(offset, count, ExtentType.Data));

        private async ValueTask<Errno> Later(Action operation)
        {
            await Turn();
            Errno errno = Answer();
            if (errno == Errno.Ok)
                operation();
            return errno;
        }

        private Task Turn()
        {
            lock (_lock)
            {
                if (Held == null)
                    return Task.Delay(1);
                TaskCompletionSource one = new(TaskCreationOptions.RunContinuationsAsynchronously);
                Held.Add(one);
                return one.Task;
            }
        }
    }
}
