// Files that are not in the page cache. Not: what servers do with them.

using System.IO;
using Microsoft.Win32.SafeHandles;
using NbdFast.Bench.EndToEnd.Load;
using NbdFast.Bench.EndToEnd.Native;
using NbdFast.Bench.EndToEnd.Servers;
using NbdFast.Native;
using NbdFast.Testing;

namespace NbdFast.EndToEnd.Tests;

public sealed class ColdFileTests
{
    private const int Bytes = (8 << 20) + 1;   // The last byte has a page of its own.

    [SkippableFact]
    public void Dropping_a_file_takes_all_its_pages_out_of_the_page_cache_and_leaves_its_data()
    {
        using TempFolder folder = new();
        string path = Path.Combine(folder.Path, "disk");
        byte[] data = Written(path);
        Skip.If(IsInMemory(path), "temporary files are kept in memory here");
        long all = PageCache.PagesOf(Bytes);
        Assert.InRange(Present(path), all / 2, all);   // The kernel may need room for others meanwhile.

        ColdFile.Drop(path);
        Assert.InRange(Present(path), 0, all / 100);
        Assert.Equal(data, File.ReadAllBytes(path));
        Assert.InRange(Present(path), all / 2, all);
    }

    [SkippableFact]
    public void A_file_that_is_kept_in_memory_cannot_be_dropped_and_one_line_says_so()
    {
        const string Memory = "/dev/shm";
        Skip.IfNot(Directory.Exists(Memory), $"there is no {Memory}");
        string path = Path.Combine(Memory, Path.GetRandomFileName());
        try
        {
            Written(path);
            Skip.IfNot(IsInMemory(path), $"{Memory} has a disk here");
            LoadException error = Assert.Throws<LoadException>(() => ColdFile.Drop(path));
            long all = PageCache.PagesOf(Bytes);
            Assert.Equal(
                $"{all} of {all} pages of {path} stay in the page cache: is its file system one in memory?",
                error.Message);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static byte[] Written(string path)
    {
        byte[] data = new byte[Bytes];
        new Seed(1).Random.NextBytes(data);
        using FileStream file = File.Create(path);
        file.Write(data);
        file.Flush(flushToDisk: true);
        return data;
    }

    private static long Present(string path)
    {
        using SafeFileHandle file = File.OpenHandle(path);
        Assert.Equal(Errno.Ok, PageCache.CountPresent((int)file.DangerousGetHandle(), Bytes, out long present));
        return present;
    }

    private static bool IsInMemory(string path) =>
        new DriveInfo(Path.GetDirectoryName(path)!).DriveFormat is "tmpfs" or "ramfs";
}
