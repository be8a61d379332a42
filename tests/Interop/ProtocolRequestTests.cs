// Requests byte by byte, in all three reply modes, good and bad ones. Not: the handshake (ProtocolHandshakeTests).

using System;
using System.Linq;
using NbdFast.Testing;

namespace NbdFast.Interop;

public sealed class ProtocolRequestTests
{
    private static readonly byte[] Data = [.. Enumerable.Range(0, 1000).Select(i => (byte)(i * 7))];

    public static TheoryData<ReplyMode> Modes => NativeBinary.IsNbdkit
        ? [ReplyMode.Simple, ReplyMode.Structured]
        : [ReplyMode.Simple, ReplyMode.Structured, ReplyMode.Extended];

    [Theory]
    [MemberData(nameof(Modes))]
    public void Each_command_does_its_work(ReplyMode mode)
    {
        using ServerProcess server = ServerProcess.Start("memory 1M");
        using RawClient client = RawClient.Open(server, mode);
        Assert.Equal(0U, client.Write(500, Data).Error);
        Assert.Equal(Data, client.Read(500, Data.Length).Data);
        Assert.Equal(0U, client.Zero(600, 100).Error);
        Assert.Equal(0U, client.Trim(800, 50).Error);
        Assert.Equal(0U, client.Cache(0, 4096).Error);
        Assert.Equal(0U, client.Flush().Error);
        byte[] expected = [.. Data];
        expected.AsSpan(100, 100).Clear();
        expected.AsSpan(300, 50).Clear();
        Assert.Equal(expected, client.Read(500, Data.Length).Data);
        client.Disconnect();
        Assert.Empty(client.ReceiveToEnd());
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void A_read_of_mixed_data_and_holes_comes_whole(ReplyMode mode)
    {
        using ServerProcess server = ServerProcess.Start("memory 16M");
        using RawClient client = RawClient.Open(server, mode);
        byte[] expected = new byte[8 << 20];
        foreach (int at in new[] { 0, 100_000, 1 << 20, (3 << 20) + 17, (8 << 20) - 1000 })
        {
            Data.CopyTo(expected, at);
            Assert.Equal(0U, client.Write((ulong)at, Data).Error);
        }

        Assert.Equal(expected, client.Read(0, expected.Length).Data);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void Bad_requests_get_their_error_and_the_connection_goes_on(ReplyMode mode)
    {
        using ServerProcess server = ServerProcess.Start("memory 1M");
        using RawClient client = RawClient.Open(server, mode);
        const ulong Size = 1 << 20;
        Assert.Equal(NbdWire.Einval, client.Read(Size, 1).Error);
        Assert.Equal(NbdWire.Einval, client.Read(Size - 1, 2).Error);
        Assert.Equal(NbdWire.Einval, client.Read(ulong.MaxValue, 1).Error);
        Assert.Equal(NbdWire.Enospc, client.Write(Size - 1, [1, 2]).Error);
        Assert.Equal(NbdWire.Enospc, client.Write(ulong.MaxValue, [1, 2]).Error);
        Assert.Equal(NbdWire.Enospc, client.Zero(Size - 1, 2).Error);
        Assert.Equal(NbdWire.Einval, client.Trim(Size - 1, 2).Error);
        Assert.Equal(NbdWire.Einval, client.Cache(Size, 1).Error);
        Assert.Equal(NbdWire.Einval, client.Transact(99, 0, 512).Error);
        Assert.Equal(NbdWire.Einval, client.Read(0, 512, flags: 1 << 14).Error);
        Assert.Equal(NbdWire.Einval, client.Transact(NbdWire.CmdFlush, 512, 0).Error);
        Assert.Equal(0U, client.Write(Size - 1, [1]).Error);
        Assert.Equal([1], client.Read(Size - 1, 1).Data);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void Nothing_can_be_changed_on_a_read_only_disk(ReplyMode mode)
    {
        using ServerProcess server = ServerProcess.Start("-r memory 1M");
        using RawClient client = RawClient.Open(server, mode);
        Assert.NotEqual(0, client.ExportFlags & NbdWire.ReadOnly);
        Assert.Equal(NbdWire.Eperm, client.Write(0, Data).Error);
        Assert.Equal(NbdWire.Eperm, client.Zero(0, 512).Error);
        Assert.Equal(NbdWire.Eperm, client.Trim(0, 512).Error);
        Assert.Equal(new byte[512], client.Read(0, 512).Data);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void A_write_that_the_plugin_refuses_is_consumed_and_answered(ReplyMode mode)
    {
        using ServerProcess server = ServerProcess.Start("full 1M");
        using RawClient client = RawClient.Open(server, mode);
        Assert.Equal(NbdWire.Enospc, client.Write(0, new byte[100_000]).Error);
        Assert.Equal(new byte[512], client.Read(0, 512).Data);
    }

    [Fact]
    public void A_read_that_is_too_long_is_refused()
    {
        using ServerProcess server = ServerProcess.Start("memory 1G");
        using RawClient client = RawClient.Open(server, ReplyMode.Structured);
        client.SendRequest(NbdWire.CmdRead, 1, 0, 65 << 20);
        Reply reply = client.ReceiveReply(1, 0, 0);
        Assert.Contains(reply.Error, new[] { NbdWire.Enomem, NbdWire.Eoverflow, NbdWire.Einval });
        Assert.Equal(new byte[512], client.Read(0, 512).Data);
    }

    [Fact]
    public void A_write_that_is_too_long_ends_the_connection_or_gets_an_error()
    {
        using ServerProcess server = ServerProcess.Start("memory 1G");
        using RawClient client = RawClient.Open(server);
        client.SendRequest(NbdWire.CmdWrite, 1, 0, 0xffff_ffff);
        client.EndSending();
        client.ReceiveToEnd();   // Whatever it says of it, the server does not go on waiting for 4 GB.
        using RawClient next = RawClient.Open(server);
        Assert.Equal(new byte[512], next.Read(0, 512).Data);
    }

    [Fact]
    public void A_wrong_request_magic_ends_the_connection()
    {
        using ServerProcess server = ServerProcess.Start("memory 1M");
        using RawClient client = RawClient.Open(server);
        client.Send(new Message().U32(0x12345678).U32(0).U64(1).U64(0).U32(512));
        Assert.Empty(client.ReceiveToEnd());
    }

    [Fact]
    public void Requests_sent_in_one_piece_are_all_answered()
    {
        using ServerProcess server = ServerProcess.Start("memory 1M");
        using RawClient client = RawClient.Open(server);
        Message batch = new();
        for (ulong i = 1; i <= 500; i++)
            batch.U32(NbdWire.RequestMagic).U16(0).U16(NbdWire.CmdRead).U64(i).U64(i * 512).U32(512);
        client.Send(batch);
        System.Collections.Generic.HashSet<ulong> answered = [];
        for (int i = 1; i <= 500; i++)
        {
            Assert.Equal(NbdWire.SimpleReplyMagic, client.ReceiveU32());
            Assert.Equal(0U, client.ReceiveU32());
            Assert.True(answered.Add(client.ReceiveU64()));
            Assert.Equal(new byte[512], client.Receive(512));
        }

        Assert.Equal(Enumerable.Range(1, 500).Select(i => (ulong)i), answered.Order());
    }

    [Fact]
    public void A_request_sent_byte_by_byte_is_answered()
    {
        using ServerProcess server = ServerProcess.StartTcp("memory 1M");
        using RawClient client = RawClient.Open(server);
        Message write = new Message()
            .U32(NbdWire.RequestMagic).U16(0).U16(NbdWire.CmdWrite).U64(1).U64(0).U32(16).Raw(Data.AsSpan(0, 16));
        foreach (byte one in write.Bytes)
            client.Send([one]);
        Assert.Equal(0U, client.ReceiveReply(1, 0, 0).Error);
        Assert.Equal(Data[..16], client.Read(0, 16).Data);
    }

    [SkippableFact]
    public void Requests_before_a_disconnect_are_still_done()
    {
        Skip.If(NativeBinary.IsNbdkit, "nbdkit may close before it has answered");
        using ServerProcess server = ServerProcess.Start("memory 1M");
        using (RawClient client = RawClient.Open(server))
        {
            client.Send(new Message()
                .U32(NbdWire.RequestMagic).U16(0).U16(NbdWire.CmdWrite).U64(1).U64(0).U32(1000).Raw(Data)
                .U32(NbdWire.RequestMagic).U16(0).U16(NbdWire.CmdDisconnect).U64(2).U64(0).U32(0));
            Assert.Equal(0U, client.ReceiveReply(1, 0, 0).Error);
            Assert.Empty(client.ReceiveToEnd());
        }

        using RawClient next = RawClient.Open(server);
        Assert.Equal(Data, next.Read(0, Data.Length).Data);
    }

    [Fact]
    public void Requests_of_no_length_are_refused_or_done_but_not_fatal()
    {
        using ServerProcess server = ServerProcess.Start("memory 1M");
        using RawClient client = RawClient.Open(server, ReplyMode.Structured, "", "base:allocation");
        ushort[] commands = [NbdWire.CmdTrim, NbdWire.CmdWriteZeroes, NbdWire.CmdCache, NbdWire.CmdBlockStatus];
        foreach (ushort command in commands)
            Assert.Contains(client.Transact(command, 0, 0).Error, new[] { 0U, NbdWire.Einval, NbdWire.Enospc });
        Assert.Equal(new byte[512], client.Read(0, 512).Data);
    }

    [Fact]
    public void A_fast_zero_that_would_be_slow_is_not_done()
    {
        using ServerProcess server = ServerProcess.Start(
            "--filter=nozero memory 1M zeromode=emulate fastzeromode=slow");
        using RawClient client = RawClient.Open(server);
        Assert.Equal(0U, client.Write(0, Data).Error);
        Assert.Equal(NbdWire.Enotsup, client.Zero(0, 1000, NbdWire.FlagFastZero).Error);
        Assert.Equal(Data, client.Read(0, Data.Length).Data);
    }
}
