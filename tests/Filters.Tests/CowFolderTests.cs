// Where the cow filter puts its overlay. Not: what is in it (CowFilterTests).

using System;
using System.IO;
using System.Linq;
using NbdFast.Testing;

namespace NbdFast.Filters.Tests;

/// <summary>Changes the process's environment, so no other test runs beside it.</summary>
[Collection(nameof(CowFolderTests))]
[CollectionDefinition(nameof(CowFolderTests), DisableParallelization = true)]
public sealed class CowFolderTests
{
    [Fact]
    public void The_overlay_lies_in_TMPDIR_and_has_no_name()
    {
        using var folder = new TempFolder();
        using var chain = ChainHarness.Open(new FakePlugin(), [FilterIn(folder.Path)]);
        Assert.Equal(Errno.Ok, chain.Next.Write(new byte[10], 0, RequestFlags.None));
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
        Assert.Contains(OpenFiles(), file => file.StartsWith(folder.Path, StringComparison.Ordinal));
        chain.Dispose();
        Assert.DoesNotContain(OpenFiles(), file => file.StartsWith(folder.Path, StringComparison.Ordinal));
    }

    [Fact]
    public void A_folder_that_does_not_exist_ends_the_start()
    {
        CowFilter filter = FilterIn("/nonexistent/folder");
        var refused = Assert.Throws<ConfigException>(() => ChainHarness.Start(new FakePlugin(), [filter]));
        Assert.Equal("/nonexistent/folder: No such file or directory", refused.Message);
    }

    private static CowFilter FilterIn(string folder)
    {
        string? before = Environment.GetEnvironmentVariable("TMPDIR");
        Environment.SetEnvironmentVariable("TMPDIR", folder);
        var filter = new CowFilter();
        Environment.SetEnvironmentVariable("TMPDIR", before);
        return filter;
    }

    private static string[] OpenFiles() =>
        [.. Directory.GetFiles("/proc/self/fd").Select(file => new FileInfo(file).LinkTarget ?? "")];
}
