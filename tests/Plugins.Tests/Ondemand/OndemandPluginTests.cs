// The ondemand plugin: names, files, locks. Not: making disks (DiskCommandTests), file systems (Interop).

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using NbdFast.Chain;
using NbdFast.Plugins.Ondemand;
using NbdFast.Testing;

namespace NbdFast.Plugins.Tests.Ondemand;

public sealed class OndemandPluginTests : IDisposable
{
    private const string Blank = "truncate -s $size \"$disk\"";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_disk_is_made_by_its_first_client_and_stays()
    {
        using (ChainHarness chain = Start())
        {
            Assert.Equal(Errno.Ok, chain.Connect(out OpenedLayers? layers, "one"));
            Assert.Equal(Errno.Ok, layers!.Next.Write([1, 2, 3], 0, RequestFlags.Fua));
            Assert.False(layers.Next.Info.MultiConn);
        }

        Assert.Equal([1, 2, 3], File.ReadAllBytes(_folder.File("one"))[..3]);
        using ChainHarness second = Start("size", "5M");
        Assert.Equal(Errno.Ok, second.Connect(out OpenedLayers? again, "one"));
        Assert.Equal(1UL << 20, again!.Next.Info.Size);
        Assert.Equal(3, again.Next.Info.CanWrite ? 3 : 0);
    }

    [Fact]
    public void The_export_without_a_name_is_the_file_default()
    {
        using ChainHarness chain = Start();
        Assert.Equal("default", chain.DefaultExport());
        Assert.Equal(Errno.Ok, chain.Connect(out _));
        Assert.Equal(1 << 20, new FileInfo(_folder.File("default")).Length);
        Assert.NotEqual(Errno.Ok, chain.Connect(out _, "default"));
    }

    [Theory]
    [InlineData(".hidden")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("/etc/passwd")]
    [InlineData("a:b")]
    [InlineData("a\0b")]
    public void A_name_that_is_no_files_is_refused(string name)
    {
        using ChainHarness chain = Start();
        Assert.Equal(Errno.ENOENT, chain.Connect(out _, name));
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void A_name_has_up_to_255_bytes_of_any_other_kind()
    {
        using ChainHarness chain = Start();
        foreach (string name in (string[])["-x", "a b", "\u20ac", "$(id)'\"", "\n", new string('x', 255)])
        {
            Assert.Equal(Errno.Ok, chain.Connect(out _, name));
            Assert.True(File.Exists(_folder.File(name)));
        }

        Assert.Equal(Errno.ENOENT, chain.Connect(out _, new string('x', 256)));
        Assert.Equal(Errno.ENOENT, chain.Connect(out _, new string('\u20ac', 86)));
    }

    [Fact]
    public void A_disk_is_for_one_client_at_a_time_unless_they_only_read()
    {
        using ChainHarness chain = Start();
        Assert.Equal(Errno.Ok, chain.Connect(out OpenedLayers? first, "one"));
        Assert.Equal(Errno.EBUSY, chain.Connect(out _, "one"));
        Assert.Equal(Errno.EBUSY, chain.Connect(out _, "one", readOnly: true));
        Assert.Equal(Errno.Ok, chain.Connect(out _, "two"));
        first!.Dispose();
        Assert.Equal(Errno.Ok, chain.Connect(out _, "one", readOnly: true));
        Assert.Equal(Errno.Ok, chain.Connect(out _, "one", readOnly: true));
        Assert.Equal(Errno.EBUSY, chain.Connect(out _, "one"));
    }

    [Fact]
    public void Another_server_keeps_to_the_lock()
    {
        using ChainHarness chain = Start();
        using ChainHarness other = Start();
        Assert.Equal(Errno.Ok, chain.Connect(out _, "one"));
        Assert.Equal(Errno.EBUSY, other.Connect(out _, "one"));
    }

    [Fact]
    public void A_shared_disk_is_for_everybody()
    {
        using ChainHarness chain = Start("share", "true");
        Assert.Equal(Errno.Ok, chain.Connect(out OpenedLayers? first, "one"));
        Assert.Equal(Errno.Ok, chain.Connect(out OpenedLayers? second, "one"));
        Assert.True(first!.Next.Info.MultiConn);
        Assert.Equal(Errno.Ok, first.Next.Write([7], 5, RequestFlags.None));
        byte[] read = new byte[1];
        Assert.Equal(Errno.Ok, second!.Next.Read(read, 5));
        Assert.Equal(7, read[0]);
    }

    [Fact]
    public async Task A_client_that_waits_comes_in_when_the_one_before_it_goes()
    {
        using ChainHarness chain = Start("wait", "true");
        using ChainHarness other = Start("wait", "true");
        Assert.Equal(Errno.Ok, chain.Connect(out OpenedLayers? first, "one"));
        Task<Errno> waiting = Task.Run(() => other.Connect(out _, "one"));
        await Task.Delay(200);
        Assert.False(waiting.IsCompleted);
        first!.Dispose();
        Assert.Equal(Errno.Ok, await waiting.WaitAsync(TimeSpan.FromSeconds(60)));
    }

    [Fact]
    public void Many_clients_at_once_make_a_disk_once()
    {
        string count = _folder.File(".count");
        using ChainHarness chain = ChainHarness.Start(
            new OndemandPlugin(), [], ("dir", _folder.Path), ("size", "1M"), ("share", "true"),
            ("command", $"echo $disk >>{count}; sleep 0.2; truncate -s $size \"$disk\""));
        List<Thread> threads = [];
        int opened = 0;
        for (int i = 0; i < 12; i++)
        {
            string name = $"disk{i % 3}";
            threads.Add(new Thread(() =>
            {
                OndemandPlugin plugin = (OndemandPlugin)chain.Config.Plugin;
                Link? link = plugin.Open(new OpenRequest(new ClientInfo(), name, readOnly: false));
                Assert.NotNull(link);
                link.Close();
                Interlocked.Increment(ref opened);
            }));
        }

        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        Assert.Equal(12, opened);
        Assert.Equal(3, File.ReadAllLines(count).Distinct().Count());
        Assert.Equal(3, File.ReadAllLines(count).Length);
    }

    [Theory]
    [InlineData("exit 3")]
    [InlineData("touch \"$disk\"; exit 3")]
    [InlineData("true")]
    public void What_could_not_be_made_leaves_nothing_and_may_be_tried_again(string command)
    {
        string flag = _folder.File(".flag");
        using ChainHarness chain = ChainHarness.Start(
            new OndemandPlugin(), [], ("dir", _folder.Path), ("size", "1M"),
            ("command", $"if [ -e {flag} ]; then {Blank}; else touch {flag}; {command}; fi"));
        Assert.NotEqual(Errno.Ok, chain.Connect(out _, "one"));
        Assert.Equal([flag], Directory.GetFileSystemEntries(_folder.Path));
        Assert.Equal(Errno.Ok, chain.Connect(out _, "one"));
    }

    [Fact]
    public void Files_that_can_be_served_are_listed_behind_the_default_one()
    {
        Directory.CreateDirectory(_folder.File("folder"));
        foreach (string name in (string[])["zwei", "eins", ".hidden", "a:b"])
            File.WriteAllText(_folder.File(name), "");
        File.CreateSymbolicLink(_folder.File("nowhere"), "/nonexistent");
        using ChainHarness chain = Start();
        Assert.Equal(["default", "eins", "zwei"], Names(chain));
        Assert.Equal(Errno.Ok, chain.Connect(out _));
        Assert.Equal(["default", "eins", "zwei"], Names(chain));
        Assert.NotEqual(Errno.Ok, chain.Connect(out _, "folder"));
    }

    [Theory]
    [InlineData("must specify dir=", "size", "1M")]
    [InlineData("must specify size=", "dir", "/tmp")]
    [InlineData("realpath: /nonexistent: No such file or directory", "size", "1M", "dir", "/nonexistent")]
    [InlineData("opendir: /etc/passwd: Not a directory", "size", "1M", "dir", "/etc/passwd")]
    [InlineData("could not decipher boolean (2)", "size", "1M", "dir", "/tmp", "wait", "2")]
    [InlineData("could not decipher boolean (x)", "size", "1M", "dir", "/tmp", "share", "x")]
    [InlineData("'disk' parameter cannot be set", "size", "1M", "dir", "/tmp", "disk", "x")]
    public void Parameters_that_are_missing_or_wrong_are_told(string message, params string[] parameters)
    {
        (string, string)[] pairs = [.. parameters.Chunk(2).Select(pair => (pair[0], pair[1]))];
        ConfigException error = Assert.Throws<ConfigException>(
            () => ChainHarness.Start(new OndemandPlugin(), [], pairs).Dispose());
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    private static List<string> Names(ChainHarness chain)
    {
        ExportList exports = new();
        Assert.Equal(Errno.Ok, chain.ListExports(exports));
        return [.. Enumerable.Range(0, exports.Count).Select(i => exports[i].Name)];
    }

    private ChainHarness Start(string key = "size", string value = "1M") => ChainHarness.Start(
        new OndemandPlugin(), [], [("dir", _folder.Path), ("size", "1M"), (key, value), ("command", Blank)]);
}
