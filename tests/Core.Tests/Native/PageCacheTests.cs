// What the kernel says of a file's pages in memory. Not: what is done with it (Server/LoanReader).

using System;
using System.IO;
using Microsoft.Win32.SafeHandles;
using NbdFast.Native;
using NbdFast.Testing;

namespace NbdFast.Core.Tests.Native;

public sealed class PageCacheTests
{
    [SkippableFact]
    public void Pages_that_were_written_are_there_and_those_that_were_dropped_are_not()
    {
        using TempFolder folder = new();
        TempDisk.CreateRandom(folder.File("disk"), 1 << 20);
        using SafeFileHandle file = File.OpenHandle(folder.File("disk"), FileMode.Open, FileAccess.ReadWrite);
        int descriptor = (int)file.DangerousGetHandle();
        ulong page = (ulong)Environment.SystemPageSize;
        long cached = Libc.CachedPages(descriptor, 0, 1 << 20);
        Skip.If(cached == -(long)Errno.ENOSYS, "the system has no cachestat");
        Assert.Equal((1 << 20) / (long)page, cached);
        Assert.Equal(2, Libc.CachedPages(descriptor, page - 1, 2));

        RandomAccess.FlushToDisk(file);
        Assert.Equal(Errno.Ok, Libc.Advise(descriptor, 0, 0, FileAdvice.DontNeed));
        long left = Libc.CachedPages(descriptor, 0, 1 << 20);
        Skip.If(left == cached, "the files of tests lie in memory");
        Assert.InRange(left, 0, cached / 10);
    }

    [Fact]
    public void A_descriptor_that_is_none_is_an_error() =>
        Assert.InRange(Libc.CachedPages(int.MaxValue, 0, 1), -(long)Errno.ENOSYS, -1);
}
