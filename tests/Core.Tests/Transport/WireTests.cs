// What every wire does, asked of each kind: so that what is tested over memory holds over sockets. Not: encryption.

using System;
using System.Threading;
using System.Threading.Tasks;
using NbdFast.Native;
using NbdFast.Transport;

namespace NbdFast.Core.Tests.Transport;

public sealed class WireTests
{
    private const int SomeMs = 50;   // Enough for a thread to fall asleep; nothing fails if it does not.

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static TheoryData<string> Kinds => ["socket", "memory", "pipe", "tls"];

    // A pipe cannot be ended at one end alone: the peer learns of it when the wire is closed.
    public static TheoryData<string> KindsThatShutDown => ["socket", "memory", "tls"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Bytes_arrive_in_order_through_short_sends_and_receives(string kind)
    {
        using WirePair pair = new(kind);
        byte[] stream = new byte[1 << 20];
        new Random(1).NextBytes(stream);
        Task<nint> sending = Task.Run(() => WirePair.SendAll(pair.Far, stream));
        byte[] received = new byte[stream.Length];
        Random random = new(2);
        for (int done = 0; done < received.Length;)
        {
            Span<byte> rest = received.AsSpan(done);
            int first = Math.Min(random.Next(1, 20_000), rest.Length);
            int second = Math.Min(random.Next(1, 20_000), rest.Length - first);
            nint count = random.Next(2) == 0
                ? pair.Near.Receive(rest[..first])
                : pair.Near.Receive(rest[..first], rest.Slice(first, second));
            Assert.InRange(count, 1, first + second);
            done += (int)count;
        }

        Assert.Equal(0, await sending.WaitAsync(Patience));
        Assert.Equal(stream, received);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_receive_gives_what_is_there_and_fills_the_first_buffer_first(string kind)
    {
        using WirePair pair = new(kind);
        WirePair.SendAll(pair.Far, [1, 2, 3, 4, 5]);
        byte[] first = new byte[3];
        byte[] second = new byte[3];
        Assert.Equal(5, pair.Near.Receive(first, second));
        Assert.Equal([1, 2, 3], first);
        Assert.Equal([4, 5, 0], second);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_receive_waits_for_the_first_byte(string kind)
    {
        using WirePair pair = new(kind);
        byte[] buffer = new byte[8];
        Task<nint> receiving = Task.Run(() => pair.Near.Receive(buffer));
        Thread.Sleep(SomeMs);
        Assert.False(receiving.IsCompleted);
        WirePair.SendAll(pair.Far, [7]);
        Assert.Equal(1, await receiving.WaitAsync(Patience));
        Assert.Equal(7, buffer[0]);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_sender_waits_for_a_receiver_that_takes_nothing(string kind)
    {
        using WirePair pair = new(kind);
        const int More = 4 << 20;   // Than any buffer in between takes.
        Task<nint> sending = Task.Run(() => WirePair.SendAll(pair.Near, new byte[More]));
        Thread.Sleep(SomeMs);
        Assert.False(sending.IsCompleted);
        byte[] buffer = new byte[64 << 10];
        for (int left = More; left > 0;)
            left -= (int)pair.Far.Receive(buffer);
        Assert.Equal(0, await sending.WaitAsync(Patience));
    }

    [Theory]
    [MemberData(nameof(KindsThatShutDown))]
    public async Task Stopping_wakes_a_receiver_with_the_end_and_leaves_sending_alone(string kind)
    {
        using WirePair pair = new(kind);
        Task<nint> receiving = Task.Run(() => pair.Near.Receive(new byte[8]));
        Thread.Sleep(SomeMs);
        pair.Near.StopReceiving();
        Assert.Equal(0, await receiving.WaitAsync(Patience));
        Assert.Equal(0, WirePair.SendAll(pair.Near, [1, 2]));
        byte[] buffer = new byte[8];
        Assert.Equal(2, pair.Far.Receive(buffer));
        Assert.Equal(-(nint)Errno.EPIPE, WirePair.SendAll(pair.Far, [3]));
    }

    [Theory]
    [MemberData(nameof(KindsThatShutDown))]
    public void What_came_before_a_stop_can_still_be_received(string kind)
    {
        using WirePair pair = new(kind);
        WirePair.SendAll(pair.Far, [1, 2, 3]);
        pair.Near.StopReceiving();
        byte[] buffer = new byte[8];
        Assert.Equal(3, pair.Near.Receive(buffer));
        Assert.Equal(0, pair.Near.Receive(buffer));
    }

    [Theory]
    [MemberData(nameof(KindsThatShutDown))]
    public async Task Aborting_wakes_a_receiver(string kind)
    {
        using WirePair pair = new(kind);
        Task<nint> receiving = Task.Run(() => pair.Near.Receive(new byte[8]));
        Thread.Sleep(SomeMs);
        pair.Near.Abort();
        Assert.InRange(await receiving.WaitAsync(Patience), nint.MinValue, 0);
        Assert.Equal(0, pair.Far.Receive(new byte[8]));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Aborting_wakes_a_sender_with_an_error(string kind)
    {
        using WirePair pair = new(kind);
        Task<nint> sending = Task.Run(() => WirePair.SendAll(pair.Near, new byte[4 << 20]));
        Thread.Sleep(SomeMs);
        pair.Near.Abort();
        Assert.Equal(-(nint)Errno.EPIPE, await sending.WaitAsync(Patience));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_was_sent_before_a_close_arrives_and_then_the_end(string kind)
    {
        using WirePair pair = new(kind);
        WirePair.SendAll(pair.Far, [1, 2, 3]);
        pair.CloseFar();
        byte[] buffer = new byte[8];
        Assert.Equal(3, pair.Near.Receive(buffer));
        Assert.Equal(0, pair.Near.Receive(buffer));
        Assert.Equal(-(nint)Errno.EPIPE, WirePair.SendAll(pair.Near, [4]));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_send_leaves_the_list_as_it_is(string kind)
    {
        using WirePair pair = new(kind);
        NativeBuffer memory = new(100);
        using GatherList list = new();
        list.Add(memory.Address, 60);
        list.Add(memory.Address + 80, 20);
        Assert.Equal(80, pair.Near.Send(list, more: false));
        Assert.Equal(80, list.Bytes);
        Assert.Equal(2, list.Count);
        Assert.Equal(80, pair.Far.Receive(new byte[100]));
        memory.Release();
    }

    [Fact]
    public async Task Stopping_a_pipe_wakes_its_receiver_and_leaves_sending_alone()
    {
        using WirePair pair = new("pipe");
        Task<nint> receiving = Task.Run(() => pair.Near.Receive(new byte[8]));
        Thread.Sleep(SomeMs);
        pair.Near.StopReceiving();
        Assert.Equal(0, await receiving.WaitAsync(Patience));
        Assert.Equal(0, WirePair.SendAll(pair.Near, [1, 2]));
        Assert.Equal(2, pair.Far.Receive(new byte[8]));
        Assert.Equal(0, pair.Near.ReceiveNow(new byte[8]));
    }

    [Fact]
    public async Task Aborting_a_pipe_wakes_its_receiver_and_nothing_is_sent_any_more()
    {
        using WirePair pair = new("pipe");
        Task<nint> receiving = Task.Run(() => pair.Near.Receive(new byte[8]));
        Thread.Sleep(SomeMs);
        pair.Near.Abort();
        Assert.Equal(0, await receiving.WaitAsync(Patience));
        Assert.Equal(-(nint)Errno.EPIPE, WirePair.SendAll(pair.Near, [1]));
        Assert.Equal(-(nint)Errno.EAGAIN, pair.Far.ReceiveNow(new byte[8]));
    }

    [Fact]
    public void A_pipe_that_is_full_is_told_and_the_callers_own_end_still_waits()
    {
        Assert.Equal(Errno.Ok, Libc.Pipe(out int readEnd, out int writeEnd));
        PipeWire wire = new(Libc.Duplicate(readEnd), PipeWire.CopyOutput(writeEnd));
        NativeBuffer memory = new(1 << 20);
        using GatherList list = new();
        list.Add(memory.Address, 1 << 20);
        nint sent;
        while ((sent = wire.SendNow(list)) > 0)
            list.Advance(sent);
        Assert.Equal(-(nint)Errno.EAGAIN, sent);
        // O_NONBLOCK is one of the flags in octal.
        string flags = System.IO.File.ReadAllText($"/proc/self/fdinfo/{writeEnd}").Split('\n')[1].Split('\t')[1];
        Assert.Equal(0, Convert.ToInt32(flags, 8) & OpenFlags.NonBlocking);
        wire.Close();
        Libc.Close(readEnd);
        Libc.Close(writeEnd);
        memory.Release();
    }
}
