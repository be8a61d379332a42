// Servers that negotiate as they must not, and such as are older than others. Not: replies to requests
// (HostileRepliesTests).

using System;
using System.Collections.Generic;
using System.Threading.Tasks;
using NbdFast.Client;
using NbdFast.Testing;

namespace NbdFast.Core.Tests.Client;

public sealed class HostileHandshakeTests
{
    private const ulong Size = 1 << 20;
    private const ushort Flags = NbdWire.HasFlags | NbdWire.SendFlush;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // What a server says, and what then is told of it.
    private static readonly Dictionary<string, (Action<ServerTalk> Script, string Reason)> Wrong = new()
    {
        ["nothing"] = (talk => { }, "closed the connection instead of sending its greeting"),
        ["another protocol"] = (talk => talk.Send(new byte[64]), "does not greet as NBD servers do"),
        ["half of a greeting"] = (
            talk => talk.Send(new Message().U64(NbdWire.Magic)), "instead of sending its greeting"),
        ["a wrong reply magic"] = (
            talk =>
            {
                talk.Greet();
                talk.ReceiveOption();
                talk.Send(new byte[20]);
            },
            "magic number"),
        ["a reply to another option"] = (
            talk =>
            {
                talk.Greet();
                talk.ReceiveOption();
                talk.Reply(NbdWire.OptList, NbdWire.ReplyAck);
            },
            "in place of a reply to NBD_OPT_EXTENDED_HEADERS"),
        ["a reply of 4 GiB"] = (
            talk =>
            {
                talk.Greet();
                talk.RefuseUpTo(NbdWire.OptGo);
                talk.Send(new Message().U64(NbdWire.OptionReplyMagic).U32(NbdWire.OptGo).U32(NbdWire.ReplyInfo)
                    .U32(uint.MaxValue));
            },
            "is 4294967295 bytes long"),
        ["a type that is none"] = (
            talk =>
            {
                talk.Greet();
                talk.RefuseUpTo(NbdWire.OptGo);
                talk.Reply(NbdWire.OptGo, 99);
            },
            "it answers NBD_OPT_GO with 0x63"),
        ["no export"] = (
            talk =>
            {
                talk.Greet();
                talk.RefuseUpTo(NbdWire.OptGo);
                talk.Reply(NbdWire.OptGo, NbdWire.ReplyAck);
            },
            "says nothing of the export"),
        ["an export that is cut"] = (
            talk =>
            {
                talk.Greet();
                talk.RefuseUpTo(NbdWire.OptGo);
                talk.Reply(NbdWire.OptGo, NbdWire.ReplyInfo, new Message().U16(NbdWire.InfoExport).U64(1).Bytes);
            },
            "NBD_INFO 0 has 8 bytes"),
        ["a size beyond all"] = (
            talk =>
            {
                talk.Greet();
                talk.RefuseUpTo(NbdWire.OptGo);
                talk.Accept(NbdWire.OptGo, 1UL << 63, Flags);
            },
            "size is 9223372036854775808"),
        ["information without an end"] = (
            talk =>
            {
                talk.Greet();
                talk.RefuseUpTo(NbdWire.OptGo);
                while (true)
                    talk.Reply(NbdWire.OptGo, NbdWire.ReplyInfo, new Message().U16(1000).Bytes);
            },
            "without an end"),
        ["contexts without an end"] = (
            talk =>
            {
                talk.Greet();
                talk.ReceiveOption();
                talk.Reply(NbdWire.OptExtendedHeaders, NbdWire.ReplyAck);
                talk.ReceiveOption();
                while (true)
                    talk.Reply(
                        NbdWire.OptSetMetaContext, NbdWire.ReplyMetaContext, new Message().U32(1).Text("x").Bytes);
            },
            "without an end"),
        ["no such export"] = (
            talk =>
            {
                talk.Greet();
                talk.RefuseUpTo(NbdWire.OptGo);
                talk.Reply(NbdWire.OptGo, NbdWire.ReplyUnknownExport, "not here"u8);
            },
            "no such export: not here"),
        ["TLS or nothing"] = (
            talk =>
            {
                talk.Greet();
                talk.ReceiveOption();
                talk.Reply(NbdWire.OptExtendedHeaders, NbdWire.ReplyTlsRequired);
            },
            "the server requires TLS"),
        ["plain newstyle without the export"] = (
            talk =>
            {
                talk.Greet(0);
                talk.ReceiveOption();
            },
            "instead of sending the export"),
    };

    public static TheoryData<string> WrongOnes => [.. Wrong.Keys];

    [Theory]
    [MemberData(nameof(WrongOnes))]
    public void A_server_that_negotiates_wrongly_is_refused_with_a_reason(string what)
    {
        using ScriptedServer server = new(talk =>
        {
            Wrong[what].Script(talk);
            talk.Dispose();
        });
        using RemoteServer remote = new(new NbdAddress.Unix(server.SocketPath), null);
        RemoteException exception = Assert.Throws<RemoteException>(() => RemoteExport.Open(remote, ""));
        Assert.Contains(Wrong[what].Reason, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData((ushort)NbdWire.FixedNewstyle)]
    [InlineData((ushort)(NbdWire.FixedNewstyle | NbdWire.NoZeroes))]
    [InlineData((ushort)0)]
    [InlineData((ushort)NbdWire.NoZeroes)]
    public async Task A_server_that_knows_EXPORT_NAME_alone_is_served(ushort flags)
    {
        using ScriptedServer server = new(talk =>
        {
            Assert.Equal(flags, talk.Greet(flags));
            Assert.Equal("disk"u8.ToArray(), talk.RefuseUpTo(NbdWire.OptExportName));
            talk.Send(new Message().U64(Size).U16(Flags));
            if ((flags & NbdWire.NoZeroes) == 0)
                talk.Send(new byte[124]);
            talk.Simple(talk.ReceiveRequest().Cookie);
            talk.WaitForEnd();
        });
        await ServesFlush(server);
    }

    [Fact]
    public async Task A_server_of_the_oldstyle_is_served_whatever_the_name()
    {
        using ScriptedServer server = new(talk =>
        {
            talk.Send(new Message().U64(NbdWire.Magic).U64(NbdWire.OldstyleMagic).U64(Size).U32(Flags));
            talk.Send(new byte[124]);
            talk.Simple(talk.ReceiveRequest().Cookie);
            talk.WaitForEnd();
        });
        await ServesFlush(server);
    }

    [Theory]
    [InlineData(0u, 4096u, 1u << 25)]
    [InlineData(3u, 4096u, 1u << 25)]
    [InlineData(1u << 17, 1u << 17, 1u << 25)]
    [InlineData(1u, 256u, 1u << 25)]
    [InlineData(4096u, 512u, 1u << 25)]
    [InlineData(512u, 4096u, 5000u)]
    [InlineData(512u, 4096u, 512u)]
    public void Block_sizes_that_cannot_be_are_not_passed_on(uint minimum, uint preferred, uint maximum)
    {
        ExportInfo info = DescribedWith(minimum, preferred, maximum);
        Assert.Equal((0U, 0U, 0U), (info.BlockMinimum, info.BlockPreferred, info.BlockMaximum));
    }

    [Fact]
    public void Block_sizes_are_passed_on()
    {
        ExportInfo info = DescribedWith(512, 4096, uint.MaxValue);
        Assert.Equal((512U, 4096U, uint.MaxValue), (info.BlockMinimum, info.BlockPreferred, info.BlockMaximum));
    }

    private static ExportInfo DescribedWith(uint minimum, uint preferred, uint maximum)
    {
        using ScriptedServer server = new(talk =>
        {
            talk.Greet();
            talk.RefuseUpTo(NbdWire.OptGo);
            talk.Reply(
                NbdWire.OptGo, NbdWire.ReplyInfo,
                new Message().U16(NbdWire.InfoBlockSize).U32(minimum).U32(preferred).U32(maximum).Bytes);
            talk.Accept(NbdWire.OptGo, Size, Flags);
            talk.WaitForEnd();
        });
        using RemoteServer remote = new(new NbdAddress.Unix(server.SocketPath), null);
        using RemoteExport export = RemoteExport.Open(remote, "");
        ExportInfo info = default;
        export.Describe(ref info);
        return info;
    }

    private static async Task ServesFlush(ScriptedServer server)
    {
        using RemoteServer remote = new(new NbdAddress.Unix(server.SocketPath), null);
        using RemoteExport export = RemoteExport.Open(remote, "disk");
        ExportInfo info = default;
        export.Describe(ref info);
        Assert.Equal(Size, info.Size);
        Assert.True(info.CanFlush);
        Assert.Equal(Errno.Ok, await export.FlushAsync().AsTask().WaitAsync(Patience));
    }
}
