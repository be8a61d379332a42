// Reads of files that are not in the page cache, by io_uring. Not: which reads those are (Server/ColdReadTests).

using System;
using System.IO;
using System.Linq;
using System.Threading;
using Microsoft.Win32.SafeHandles;
using NbdFast.Drivers;
using NbdFast.Native;
using NbdFast.Testing;

namespace NbdFast.Core.Tests.Drivers;

public sealed class ReadRingTests : IDisposable
{
    private const int FileBytes = 1 << 20;
    private const int MostReads = 256;

    private readonly TempFolder _folder = new();
    private readonly ReadRing _ring = new();
    private readonly SafeFileHandle _file;
    private readonly byte[] _content;

    public ReadRingTests()
    {
        TempDisk.CreateRandom(_folder.File("disk"), FileBytes);
        _content = File.ReadAllBytes(_folder.File("disk"));
        _file = File.OpenHandle(_folder.File("disk"), FileMode.Open, FileAccess.ReadWrite);
    }

    private int Descriptor => (int)_file.DangerousGetHandle();

    public void Dispose()
    {
        _ring.Dispose();
        _file.Dispose();
        _folder.Dispose();
    }

    [SkippableFact]
    public void Every_read_gets_its_own_bytes()
    {
        RequireRing();
        DropFromCache();
        Random random = new Seed(1).Random;
        (FakeRead Read, int Offset)[] all = [.. Enumerable.Range(0, MostReads).Select(_ =>
        {
            int length = random.Next(1, 32 << 10);
            int offset = random.Next(FileBytes - length);
            FakeRead read = new(length);
            read.Start(_ring, Descriptor, (ulong)offset);
            return (read, offset);
        })];
        Assert.False(_ring.CanStart());
        _ring.Finish();
        Assert.False(_ring.IsBusy);
        Assert.True(_ring.CanStart());
        foreach ((FakeRead read, int offset) in all)
        {
            Assert.Equal(read.Bytes.Length, read.Result);
            Assert.Equal(_content.AsSpan(offset, read.Bytes.Length).ToArray(), read.Bytes);
            read.Dispose();
        }
    }

    [SkippableFact]
    public void The_end_of_the_file_and_errors_are_told()
    {
        RequireRing();
        using FakeRead cut = new(4096);
        using FakeRead behind = new(4096);
        using FakeRead closed = new(4096);
        cut.Start(_ring, Descriptor, FileBytes - 100);
        behind.Start(_ring, Descriptor, FileBytes + 100);
        closed.Start(_ring, int.MaxValue, 0);
        _ring.Finish();
        Assert.Equal((100, 0, -(int)Errno.EBADF), (cut.Result, behind.Result, closed.Result));
    }

    [SkippableFact]
    public void Whoever_waits_for_one_read_waits_neither_for_all_nor_for_long()
    {
        RequireRing();
        Assert.Equal(Errno.Ok, Libc.Pipe(out int readEnd, out int writeEnd));
        using FakeRead quick = new(4096);
        using FakeRead slow = new(1);   // Of a pipe that is empty.
        slow.Start(_ring, readEnd, 0);
        quick.Start(_ring, Descriptor, 0);
        while (quick.Result == null)
            _ring.WaitForOne(10);
        _ring.WaitForOne(1);
        Assert.Null(slow.Result);
        Libc.Write(writeEnd, [1]);
        while (slow.Result == null)
            _ring.WaitForOne(10);
        _ring.WaitForOne(10);   // There is none to wait for.
        Libc.Close(readEnd);
        Libc.Close(writeEnd);
    }

    [SkippableFact]
    public void A_wait_for_a_descriptor_hears_of_reads_and_ends_when_it_is_readable()
    {
        RequireRing();
        Assert.Equal(Errno.Ok, Libc.Pipe(out int readEnd, out int writeEnd));
        using FakeRead read = new(4096);
        read.Start(_ring, Descriptor, 0);
        using Timer later = new(_ => Libc.Write(writeEnd, [1]), null, 50, Timeout.Infinite);
        _ring.WaitFor(readEnd);
        Assert.Equal(4096, read.Result);
        byte[] one = new byte[1];
        Assert.Equal(1, Libc.Read(readEnd, one));
        Libc.Close(readEnd);
        Libc.Close(writeEnd);
    }

    private void RequireRing() => Skip.IfNot(_ring.CanStart(), "the system has no io_uring for us");

    private void DropFromCache()
    {
        RandomAccess.FlushToDisk(_file);
        Assert.Equal(Errno.Ok, Libc.Advise(Descriptor, 0, 0, FileAdvice.DontNeed));
    }
}
