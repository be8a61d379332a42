// The log filter's file against its page. Not: its script (LogScriptTests).

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using NbdFast.Chain;
using NbdFast.Testing;

namespace NbdFast.Filters.Tests;

public sealed class LogFilterTests : IDisposable
{
    private const string Time = @"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6} ";
    private readonly TempFolder _folder = new();

    private string LogPath => _folder.File("disk.log");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_session_is_logged_line_by_line()
    {
        using (ChainHarness chain = Open())
        {
            chain.ReadBytes(0, 512);
            Assert.Equal(Errno.Ok, chain.Next.Write(new byte[513], 0x1000, RequestFlags.Fua));
            Assert.Equal(Errno.Ok, chain.Next.Trim(1024, 0, RequestFlags.None));
            Assert.Equal(Errno.Ok, chain.Next.Zero(1024, 16, RequestFlags.MayTrim | RequestFlags.FastZero));
            Assert.Equal(Errno.Ok, chain.Next.Cache(4096, 0));
            Assert.Equal(Errno.Ok, chain.Next.Flush());
            Assert.Single(chain.Extents(0x200, 0x400, RequestFlags.ReqOne));
        }

        Assert.Equal(
            [
                "Ready thread_model=3",
                "Fork",
                "Preconnect id=1 readonly=0 ...",
                "...Preconnect id=1 return=0",
                "connection=1 Connect export=\"\" tls=0 size=0x100000 minsize=0x1 prefsize=0x200 maxsize=0xffffffff" +
                    " write=1 flush=1 rotational=1 trim=1 zero=2 fua=2 extents=1 cache=2 fast_zero=1",
                "connection=1 Read id=1 offset=0x0 count=0x200 ...",
                "connection=1 ...Read id=1 return=0",
                "connection=1 Write id=2 offset=0x1000 count=0x201 fua=1 ...",
                "connection=1 ...Write id=2 return=0",
                "connection=1 Trim id=3 offset=0x0 count=0x400 fua=0 ...",
                "connection=1 ...Trim id=3 return=0",
                "connection=1 Zero id=4 offset=0x10 count=0x400 trim=1 fua=0 fast=1 ...",
                "connection=1 ...Zero id=4 return=0",
                "connection=1 Cache id=5 offset=0x0 count=0x1000 ...",
                "connection=1 ...Cache id=5 return=0",
                "connection=1 Flush id=6 ...",
                "connection=1 ...Flush id=6 return=0",
                "connection=1 Extents id=7 offset=0x200 count=0x400 req_one=1 ...",
                "connection=1 ...Extents id=7 extents=(0x200 0x400 \"hole,zero\") return=0",
                "connection=1 Disconnect transactions=7",
            ],
            Lines());
    }

    [Fact]
    public void The_list_of_exports_is_logged_quoted_for_a_shell()
    {
        var plugin = new FakePlugin { Exports = ["", "plain-1.x:/=_,", "a b", "it's", "\"$`\\"] };
        using (var chain = ChainHarness.Start(plugin, [new LogFilter()], ("logfile", LogPath)))
        {
            Assert.Equal(Errno.Ok, chain.ListExports(new ExportList()));
            Assert.Equal(Errno.Ok, chain.ListExports(new ExportList()));
        }

        Assert.Equal("ListExports id=1 readonly=0 tls=0 ...", Lines()[2]);
        Assert.Equal(
            "...ListExports id=1 exports=(\"\" plain-1.x:/=_, \"a b\" \"it's\" \"\\\"\\$\\`\\\\\") return=0",
            Lines()[3]);
        Assert.StartsWith("ListExports id=2 ", Lines()[4], StringComparison.Ordinal);
    }

    [Fact]
    public void Who_connects_is_logged_with_export_and_without_ways_to_write_that_are_closed()
    {
        using (var chain = ChainHarness.Start(new FakePlugin(), [new LogFilter()], ("logfile", LogPath)))
        {
            var client = new ClientInfo { IsTls = true, ServerIsReadOnly = true };
            Assert.Equal(Errno.Ok, chain.Connect(out _, "my disk", readOnly: true, client));
        }

        Assert.Contains("Preconnect id=1 readonly=1 ...", Lines());
        string connect = Lines().Single(line => line.Contains("Connect export", StringComparison.Ordinal));
        Assert.StartsWith("connection=1 Connect export=\"my disk\" tls=1 ", connect, StringComparison.Ordinal);
        Assert.EndsWith(
            " write=0 flush=1 rotational=0 trim=0 zero=0 fua=0 extents=1 cache=2 fast_zero=0", connect,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Errno.EIO, "EIO")]
    [InlineData(Errno.EPERM, "EPERM")]
    [InlineData(Errno.EROFS, "EPERM")]
    [InlineData(Errno.ENOSPC, "ENOSPC")]
    [InlineData(Errno.EDQUOT, "ENOSPC")]
    [InlineData(Errno.ESHUTDOWN, "ESHUTDOWN")]
    [InlineData(Errno.ENXIO, "EIO")]
    public void An_error_is_logged_by_the_name_that_the_client_gets(Errno errno, string name)
    {
        var plugin = new FakePlugin
        {
            Calling = callback => callback is "read" or "extents" ? errno : Errno.Ok,
        };
        using (var chain = ChainHarness.Open(plugin, [new LogFilter()], ("logfile", LogPath)))
        {
            Assert.Equal(errno, chain.Next.Read(new byte[512], 0));
            Assert.Equal(errno, chain.Next.Extents(512, 0, RequestFlags.None, new ExtentList(0, 512)));
        }

        Assert.Contains($"connection=1 ...Read id=1 return=-1 error={name}", Lines());
        Assert.Contains($"connection=1 ...Extents id=2 return=-1 error={name}", Lines());
    }

    [Fact]
    public void Extents_are_shown_in_the_positions_of_the_layer_that_logs()
    {
        using (var chain = ChainHarness.Open(
            new FakePlugin(), [new OffsetFilter(), new LogFilter()], ("offset", "4096"), ("logfile", LogPath)))
        {
            Assert.Equal([new Extent(512, 1024, ExtentType.HoleZero)], chain.Extents(512, 1024));
        }

        Assert.Contains("connection=1 ...Extents id=1 extents=(0x1200 0x400 \"hole,zero\") return=0", Lines());
    }

    [Fact]
    public void Many_clients_at_once_leave_whole_lines_ascending_times_and_pairs()
    {
        const int Clients = 4;
        const int Requests = 300;
        using (var chain = ChainHarness.Start(new FakePlugin(), [new LogFilter()], ("logfile", LogPath)))
        {
            var opened = new OpenedLayers[Clients];
            for (int client = 0; client < Clients; client++)
            {
                Assert.Equal(Errno.Ok, chain.Connect(out OpenedLayers? layers));
                opened[client] = layers!;
            }

            Parallel.For(0, Clients * 2, worker =>
            {
                ChainNext next = opened[worker % Clients].Next;
                byte[] buffer = new byte[512];
                for (int request = 0; request < Requests; request++)
                    Assert.Equal(Errno.Ok, next.Read(buffer, (ulong)request * 512));
            });
        }

        string[] raw = File.ReadAllLines(LogPath);
        Assert.All(raw, line => Assert.Matches(Time, line));
        Assert.Equal(raw.Select(line => line[..26]).Order(StringComparer.Ordinal), raw.Select(line => line[..26]));
        for (int client = 1; client <= Clients; client++)
        {
            IEnumerable<int> ids = Enumerable.Range(1, Requests * 2);
            Assert.Equal(ids, Ids($"connection={client} Read id=(\\d+) offset=0x[0-9a-f]+ count=0x200 \\.\\.\\.$"));
            Assert.Equal(ids, Ids($"connection={client} \\.\\.\\.Read id=(\\d+) return=0$"));
            Assert.Contains($"connection={client} Disconnect transactions={Requests * 2}", Lines());
        }
    }

    [Fact]
    public void What_was_in_the_file_is_replaced()
    {
        File.WriteAllText(LogPath, "old\n");
        Open().Dispose();
        Assert.StartsWith("Ready", Lines()[0], StringComparison.Ordinal);
    }

    [Fact]
    public void With_logappend_what_was_in_the_file_stays()
    {
        File.WriteAllText(LogPath, "0000-00-00 00:00:00.000000 old\n");
        ChainHarness.Open(new FakePlugin(), [new LogFilter()], ("logfile", LogPath), ("logappend", "true")).Dispose();
        Assert.Equal("old", Lines()[0]);
        Assert.StartsWith("Ready", Lines()[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Without_parameters_the_filter_is_inactive_and_plugins_lend()
    {
        using var chain = ChainHarness.Open(new LendingPlugin(1 << 20), [new LogFilter()]);
        Assert.Equal(Loan.OfHole(512), chain.Next.Lend(512, 0, wantHoles: true));
        using ChainHarness quiet = SevenRequests.Open(new LogFilter());
        Assert.Equal(0, new SevenRequests(quiet).Allocate());
    }

    [Fact]
    public void While_reads_are_logged_plugins_do_not_lend()
    {
        using var chain = ChainHarness.Open(new LendingPlugin(1 << 20), [new LogFilter()], ("logfile", LogPath));
        Assert.Equal(Loan.None, chain.Next.Lend(512, 0, wantHoles: true));
    }

    [Fact]
    public void A_file_that_cannot_be_opened_ends_the_start()
    {
        var refused = Assert.Throws<ConfigException>(
            () => ChainHarness.Start(new FakePlugin(), [new LogFilter()], ("logfile", "/nonexistent/x")));
        Assert.Equal("open: /nonexistent/x: No such file or directory", refused.Message);
    }

    [Fact]
    public void A_full_disk_does_not_hinder_requests()
    {
        using var chain = ChainHarness.Open(new FakePlugin(), [new LogFilter()], ("logfile", "/dev/full"));
        chain.ReadBytes(0, 512);
        Assert.Equal(Errno.Ok, chain.Next.Flush());
    }

    [Fact]
    public void Logging_a_read_or_a_write_allocates_nothing()
    {
        using ChainHarness chain = SevenRequests.Open(new LogFilter(), ("logfile", LogPath));
        byte[] buffer = new byte[512];
        int errors = 0;
        Assert.Equal(0, HeapUse.Of(100, () =>
        {
            errors |= (int)chain.Next.Read(buffer, 0) | (int)chain.Next.Write(buffer, 0, RequestFlags.Fua)
                | (int)chain.Next.Zero(512, 0, RequestFlags.None) | (int)chain.Next.Flush();
        }));
        Assert.Equal(0, errors);
    }

    private ChainHarness Open() => ChainHarness.Open(
        new FakePlugin
        {
            Describing = (ref ExportInfo info) =>
            {
                info.BlockMinimum = 1;
                info.BlockPreferred = 512;
                info.BlockMaximum = uint.MaxValue;
                info.Fua = FuaSupport.Native;
                info.CanFastZero = true;
                info.Rotational = true;
            },
        },
        [new LogFilter()],
        ("logfile", LogPath));

    private string[] Lines() => [.. File.ReadAllLines(LogPath).Select(line => Regex.Replace(line, Time, ""))];

    private IEnumerable<int> Ids(string pattern) =>
        Lines().Select(line => Regex.Match(line, pattern)).Where(match => match.Success)
            .Select(match => int.Parse(match.Groups[1].ValueSpan)).Order();
}
