// The beginning of the newstyle handshake, and the old way to choose an export. Not: other options.

using System.Text;
using NbdFast.Testing;

namespace NbdFast.Core.Tests.Handshake;

public sealed class NewstyleTests
{
    [Theory]
    [InlineData(uint.MaxValue, 3)]
    [InlineData(3, 3)]
    [InlineData(2, 2)]
    [InlineData(1, 1)]
    [InlineData(0, 0)]
    [InlineData(0xfffffffc, 0)]
    public void The_mask_takes_away_handshake_flags(uint mask, ushort expected)
    {
        using LocalServer server = LocalServer.Start(
            new FakePlugin(), options: options => options with { HandshakeMask = mask });
        using RawClient client = server.Connect();
        Assert.Equal(expected, client.Greet(0));
    }

    [Theory]
    [InlineData(uint.MaxValue, 4)]
    [InlineData(uint.MaxValue, 0x80000003)]
    [InlineData(1, 3)]
    [InlineData(0, 1)]
    [InlineData(0, 2)]
    public void A_client_flag_that_was_not_offered_ends_the_connection(uint mask, uint clientFlags)
    {
        using LocalServer server = LocalServer.Start(
            new FakePlugin(), options: options => options with { HandshakeMask = mask });
        using RawClient client = server.Connect();
        client.Greet(clientFlags);
        Assert.Empty(client.ReceiveToEnd());
    }

    [Theory]
    [InlineData(uint.MaxValue, 3, false)]
    [InlineData(uint.MaxValue, 1, true)]
    [InlineData(uint.MaxValue, 0, true)]
    [InlineData(1, 1, true)]
    [InlineData(2, 2, false)]
    [InlineData(0, 0, true)]
    public void Export_name_is_answered_with_zeroes_unless_both_sides_do_without(
        uint mask, uint clientFlags, bool padding)
    {
        using LocalServer server = LocalServer.Start(
            new FakePlugin(), options: options => options with { HandshakeMask = mask });
        using RawClient client = server.Connect();
        client.Greet(clientFlags);
        client.ExportName("", padding);
        Assert.Equal(1UL << 20, client.ExportSize);
        Assert.Equal(0U, client.Read(0, 512).Error);
        client.Disconnect();
        Assert.Empty(client.ReceiveToEnd());
    }

    [Fact]
    public void The_zeroes_are_zeroes()
    {
        using LocalServer server = LocalServer.Start(new FakePlugin());
        using RawClient client = server.Connect();
        client.Greet(NbdWire.FixedNewstyle);
        client.SendOption(NbdWire.OptExportName, []);
        client.Receive(10);
        Assert.Equal(new byte[124], client.Receive(124));
        Assert.Equal(0U, client.Flush().Error);
    }

    [Theory]
    [InlineData(NbdWire.OptList)]
    [InlineData(NbdWire.OptGo)]
    [InlineData(NbdWire.OptStructuredReply)]
    public void Without_fixed_newstyle_only_export_name_is_an_option(uint option)
    {
        using LocalServer server = LocalServer.Start(
            new FakePlugin(), options: options => options with { HandshakeMask = 0 });
        using RawClient client = server.Connect();
        client.Greet(0);
        client.SendOption(option, []);
        Assert.Empty(client.ReceiveToEnd());
    }

    [Fact]
    public void A_wrong_option_magic_ends_the_connection()
    {
        using LocalServer server = LocalServer.Start(new FakePlugin());
        using RawClient client = server.Connect();
        client.Greet();
        client.Send(new Message().U64(NbdWire.OptionMagic + 1).U32(NbdWire.OptGo).U32(0));
        Assert.Empty(client.ReceiveToEnd());
    }

    [Fact]
    public void Export_name_passes_on_the_name()
    {
        Journal journal = new();
        using LocalServer server = LocalServer.Start(new FakePlugin(journal: journal));
        using RawClient client = server.Connect();
        client.Greet();
        client.ExportName("größe");
        Assert.Equal(["plugin: open 'größe' readonly=False"], journal.With("open '"));
    }

    [Fact]
    public void An_export_that_does_not_open_ends_the_connection()
    {
        using LocalServer server = LocalServer.Start(
            new FakePlugin { Calling = name => name == "open" ? Errno.ENOENT : Errno.Ok });
        using RawClient client = server.Connect();
        client.Greet();
        client.SendOption(NbdWire.OptExportName, []);
        Assert.Empty(client.ReceiveToEnd());
    }

    [Fact]
    public void Export_name_takes_4096_bytes()
    {
        string name = new('x', 4096);
        using LocalServer server = LocalServer.Start(new FakePlugin());
        using RawClient client = server.Connect();
        client.Greet();
        client.ExportName(name);
        Assert.Equal(1UL << 20, client.ExportSize);
    }

    public static TheoryData<byte[]> BadNames =>
    [
        Encoding.UTF8.GetBytes(new string('x', 4097)),
        new byte[100_000],
        "a\0b"u8.ToArray(),
        [0xff, 0xfe],
        [0xc3],
    ];

    [Theory]
    [MemberData(nameof(BadNames))]
    public void A_bad_name_in_export_name_ends_the_connection(byte[] name)
    {
        using LocalServer server = LocalServer.Start(new FakePlugin());
        using RawClient client = server.Connect();
        client.Greet();
        client.SendOption(NbdWire.OptExportName, name);
        Assert.Empty(client.ReceiveToEnd());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void A_client_that_goes_during_the_greeting_leaves_nothing(int bytesSent)
    {
        using LocalServer server = LocalServer.Start(new FakePlugin());
        using (RawClient client = server.Connect())
        {
            client.Send(new byte[bytesSent]);
            client.EndSending();
            Assert.Equal(18, client.ReceiveToEnd().Length);
        }

        using RawClient next = server.Open();
        Assert.Equal(0U, next.Flush().Error);
    }
}
