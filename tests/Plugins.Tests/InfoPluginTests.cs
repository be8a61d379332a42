// The info plugin: each mode, and what clients may do. Not: addresses of real clients (Interop).

using System;
using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Text;
using System.Threading;
using NbdFast.Chain;
using NbdFast.Plugins.Info;
using NbdFast.Testing;

namespace NbdFast.Plugins.Tests;

public sealed class InfoPluginTests
{
    [Theory]
    [InlineData("exportname", "", "", true)]
    [InlineData("exportname", "hello", "hello", true)]
    [InlineData("EXPORTNAME", "grüße", "grüße", true)]
    [InlineData("export-name", "a/b c", "a/b c", true)]
    [InlineData("base64exportname", "aGVsbG8=", "hello", true)]
    [InlineData("base64exportname", "aGVs\nbG8=\n", "hello", true)]
    [InlineData("Base64-Export-Name", "", "", true)]
    [InlineData("address", "x", "127.0.0.1:41808", false)]
    [InlineData("version", "x", NbdkitVersion.Text, true)]
    public void The_disk_holds_what_the_mode_says(string mode, string export, string expected, bool multiConn)
    {
        using ChainHarness chain = Start(mode);
        OpenedLayers layers = Connect(chain, export);
        ExportInfo info = layers.Next.Info;
        byte[] bytes = new byte[info.Size];
        if (bytes.Length > 0)
            Assert.Equal(Errno.Ok, layers.Next.Read(bytes, 0));
        Assert.Equal(expected, Encoding.UTF8.GetString(bytes));
        Assert.Equal(multiConn, info.MultiConn);
        Assert.True(info is { CanWrite: false, CanFlush: false, Cache: CacheSupport.Native });
        Assert.Equal(ExecutionPlan.Inline, layers.Plan);
    }

    [Fact]
    public void The_export_name_is_the_default()
    {
        using ChainHarness chain = ChainHarness.Start(new InfoPlugin(), []);
        Assert.Equal(4UL, Connect(chain, "name").Next.Info.Size);
    }

    [Fact]
    public void Any_part_can_be_read()
    {
        using ChainHarness chain = Start("exportname");
        OpenedLayers layers = Connect(chain, "hello");
        byte[] part = new byte[3];
        Assert.Equal(Errno.Ok, layers.Next.Read(part, 1));
        Assert.Equal("ell"u8.ToArray(), part);
    }

    [Fact]
    public void All_bytes_can_be_sent_in_base64()
    {
        byte[] sent = new byte[3000];
        new Random(1).NextBytes(sent);
        using ChainHarness chain = Start("base64exportname");
        OpenedLayers layers = Connect(chain, Convert.ToBase64String(sent));
        byte[] bytes = new byte[layers.Next.Info.Size];
        Assert.Equal(Errno.Ok, layers.Next.Read(bytes, 0));
        Assert.Equal(sent, bytes);
    }

    [Theory]
    [InlineData("aGVsb$$G8=")]
    [InlineData("aGVsbG8")]
    [InlineData("====")]
    [InlineData("a")]
    [InlineData("grüß")]
    public void A_name_that_is_not_base64_is_refused(string export)
    {
        using ChainHarness chain = Start("base64exportname");
        Log.ForgetLastError();
        Assert.Equal(Errno.EINVAL, chain.Connect(out _, export));
        Assert.Contains("base64: ", Log.TakeLastError());
    }

    [Fact]
    public void A_client_without_an_address_is_refused()
    {
        using ChainHarness chain = Start("address");
        Assert.Equal(Errno.EINVAL, chain.Connect(out _));
        Assert.Equal("the client's address is not known", Log.TakeLastError());
    }

    [Fact]
    public void The_time_is_the_time_of_day()
    {
        using ChainHarness chain = Start("time");
        OpenedLayers layers = Connect(chain, "");
        DateTime before = DateTime.UtcNow;
        DateTime told = DateTime.UnixEpoch + Read(layers);
        Assert.InRange(told, before.AddMicroseconds(-1), DateTime.UtcNow);
        Assert.False(layers.Next.Info.MultiConn);
        Assert.Equal(12UL, layers.Next.Info.Size);
    }

    [Fact]
    public void Uptime_goes_on_from_the_start_and_connection_time_from_the_connection()
    {
        long start = Stopwatch.GetTimestamp();
        using ChainHarness up = Start("uptime");
        using ChainHarness conn = Start("conntime");
        Thread.Sleep(20);
        long connected = Stopwatch.GetTimestamp();
        TimeSpan uptime = Read(Connect(up, ""));
        Assert.InRange(uptime, TimeSpan.FromMilliseconds(20), Stopwatch.GetElapsedTime(start));
        OpenedLayers layers = Connect(conn, "");
        TimeSpan first = Read(layers);
        Assert.InRange(first, TimeSpan.Zero, Stopwatch.GetElapsedTime(connected));
        Thread.Sleep(2);
        Assert.InRange(Read(layers), first + TimeSpan.FromMilliseconds(2), Stopwatch.GetElapsedTime(connected));
    }

    [Fact]
    public void A_part_of_a_time_is_part_of_the_twelve_bytes()
    {
        using ChainHarness chain = Start("time");
        OpenedLayers layers = Connect(chain, "");
        byte[] seconds = new byte[5];
        Assert.Equal(Errno.Ok, layers.Next.Read(seconds, 3));
        uint told = BinaryPrimitives.ReadUInt32BigEndian(seconds.AsSpan(1));
        Assert.InRange(DateTimeOffset.UtcNow.ToUnixTimeSeconds() - told, 0, 60);
    }

    [Theory]
    [InlineData("foo")]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("conn-time")]
    public void An_unknown_mode_is_refused(string mode)
    {
        ConfigException error = Assert.Throws<ConfigException>(() => Start(mode));
        Assert.Equal($"mode: unknown mode: '{mode}'", error.Message);
    }

    [Fact]
    public void The_dump_says_that_all_modes_are_there()
    {
        using StringWriter text = new(CultureInfo.InvariantCulture);
        using InfoPlugin plugin = new();
        plugin.DumpFields(text);
        Assert.Equal("info_address=yes\ninfo_base64=yes\n", text.ToString());
    }

    private static TimeSpan Read(OpenedLayers layers)
    {
        byte[] bytes = new byte[12];
        Assert.Equal(Errno.Ok, layers.Next.Read(bytes, 0));
        return TimeSpan.FromSeconds(BinaryPrimitives.ReadInt64BigEndian(bytes))
            + TimeSpan.FromMicroseconds(BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(8)));
    }

    private static ChainHarness Start(string mode) => ChainHarness.Start(new InfoPlugin(), [], ("mode", mode));

    private static OpenedLayers Connect(ChainHarness chain, string export)
    {
        ClientInfo client = new() { PeerName = "127.0.0.1:41808", ExportName = export };
        Assert.Equal(Errno.Ok, chain.Connect(out OpenedLayers? layers, export, client: client));
        return layers!;
    }
}
