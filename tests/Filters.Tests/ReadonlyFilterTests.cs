// The readonly filter against its page. Not: the server's -r.

using System.IO;
using NbdFast.Testing;

namespace NbdFast.Filters.Tests;

public sealed class ReadonlyFilterTests
{
    [Fact]
    public void Without_a_file_the_layers_below_are_opened_read_only_and_the_client_is_told()
    {
        var journal = new Journal();
        using var chain = ChainHarness.Open(new FakePlugin(journal: journal), [new ReadonlyFilter()]);
        Assert.False(chain.Info.CanWrite);
        Assert.Contains("plugin: open '' readonly=True", journal.Lines);
        chain.ReadBytes(0, 512);
        Assert.Equal(Errno.Ok, chain.Next.Flush());
    }

    [Fact]
    public void With_a_file_the_disk_is_writable_until_the_file_exists_and_again_when_it_is_gone()
    {
        using var folder = new TempFolder();
        string file = folder.File("ro");
        var journal = new Journal();
        using var chain = ChainHarness.Open(
            new FakePlugin(journal: journal), [new ReadonlyFilter()], ("readonly-file", file));
        Assert.True(chain.Info.CanWrite);
        Assert.Contains("plugin: open '' readonly=False", journal.Take());

        AssertWritesGet(Errno.Ok, chain);
        Assert.Equal(3, journal.Take().Count);
        File.WriteAllText(file, "");
        AssertWritesGet(Errno.EPERM, chain);
        Assert.Empty(journal.Take());
        Directory.CreateDirectory(folder.File("sub"));
        File.Delete(file);
        AssertWritesGet(Errno.Ok, chain);
        Assert.Equal(3, journal.Take().Count);
    }

    [Fact]
    public void What_does_not_write_works_while_the_file_exists()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder.File("ro"), "");
        using var chain = ChainHarness.Open(
            new FakePlugin(), [new ReadonlyFilter()], ("readonly-file", folder.File("ro")));
        Assert.True(chain.Info.CanWrite);
        chain.ReadBytes(0, 512);
        Assert.Equal(Errno.Ok, chain.Next.Flush());
        Assert.Equal(Errno.Ok, chain.Next.Cache(512, 0));
        Assert.Single(chain.Extents(0, 512));
    }

    [Fact]
    public void A_directory_counts_as_well()
    {
        using var folder = new TempFolder();
        using var chain = ChainHarness.Open(
            new FakePlugin(), [new ReadonlyFilter()], ("readonly-file", folder.Path));
        AssertWritesGet(Errno.EPERM, chain);
    }

    [Fact]
    public void A_read_only_plugin_stays_read_only_whether_or_not_the_file_exists()
    {
        using var chain = ChainHarness.Open(
            new FakePlugin(Operations.Read), [new ReadonlyFilter()], ("readonly-file", "/nonexistent/ro"));
        Assert.False(chain.Info.CanWrite);
    }

    [Fact]
    public void Requests_allocate_nothing()
    {
        using ChainHarness chain = SevenRequests.Open(new ReadonlyFilter(), ("readonly-file", "/nonexistent/ro"));
        Assert.Equal(0, new SevenRequests(chain).Allocate());
    }

    private static void AssertWritesGet(Errno expected, ChainHarness chain)
    {
        Assert.Equal(expected, chain.Next.Write(new byte[512], 0, RequestFlags.None));
        Assert.Equal(expected, chain.Next.Trim(512, 0, RequestFlags.None));
        Assert.Equal(expected, chain.Next.Zero(512, 0, RequestFlags.MayTrim));
    }
}
