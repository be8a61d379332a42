// A plugin that lends a file, whose bytes leave the page cache again and again. Not: the plugin "file".

using System;
using System.IO;
using Microsoft.Win32.SafeHandles;
using NbdFast.Chain;
using NbdFast.Native;
using Xunit;

namespace NbdFast.Testing;

/// <summary>Serves a file of random bytes, which are the same each time.</summary>
public sealed class LentFile : Plugin
{
    private readonly TempFolder _folder = new();
    private readonly SafeFileHandle _file;
    private readonly long _size;

    /// <summary>Makes the file.</summary>
    public LentFile(long size)
    {
        _size = size;
        TempDisk.CreateRandom(_folder.File("disk"), size);
        Content = File.ReadAllBytes(_folder.File("disk"));
        _file = File.OpenHandle(_folder.File("disk"), FileMode.Open, FileAccess.ReadWrite);
        DropFromCache();
    }

    /// <summary>What it held at first.</summary>
    public byte[] Content { get; }

    /// <summary>Called before a read is lent, or written data taken, with the name of the call.</summary>
    public Action<string> Calling { private get; init; } = _ => { };

    /// <inheritdoc/>
    public override UnitTable Table { get; } = new()
    {
        Name = "lent",
        LongName = "",
        Operations = Operations.Read | Operations.Write | Operations.Flush | Operations.Lend,
        ThreadModel = ThreadModel.Parallel,
        Latency = Latency.MayBlock,
    };

    /// <inheritdoc/>
    public override string? MissingParameter => null;

    private int Descriptor => (int)_file.DangerousGetHandle();

    /// <summary>The next reads have to wait for the disk, if there is one under the file.</summary>
    public void DropFromCache()
    {
        RandomAccess.FlushToDisk(_file);
        Errno error = Libc.Advise(Descriptor, 0, 0, FileAdvice.DontNeed);
        if (error != Errno.Ok)   // Assert.Equal would allocate, which some tests count.
            Assert.Fail($"posix_fadvise: {error.Text()}");
    }

    /// <summary>Cuts the file short, which is told to nobody.</summary>
    public void Cut(long size) => RandomAccess.SetLength(_file, size);

    /// <inheritdoc/>
    public override bool Bind(string key, string value) => false;

    /// <inheritdoc/>
    public override Errno Describe(ref ExportInfo info)
    {
        info.Size = (ulong)_size;
        return Errno.Ok;
    }

    /// <inheritdoc/>
    public override Errno Read(Span<byte> buffer, ulong offset)
    {
        Calling("read");
        int count = RandomAccess.Read(_file, buffer, (long)offset);
        return count == buffer.Length ? Errno.Ok : Log.Error(Errno.EIO, $"the file ends");
    }

    /// <inheritdoc/>
    public override Errno Write(ReadOnlySpan<byte> data, ulong offset, RequestFlags flags)
    {
        Calling("write");
        RandomAccess.Write(_file, data, (long)offset);
        return Errno.Ok;
    }

    /// <inheritdoc/>
    public override Errno Flush()
    {
        RandomAccess.FlushToDisk(_file);
        return Errno.Ok;
    }

    /// <inheritdoc/>
    public override Loan Lend(uint count, ulong offset, bool wantHoles)
    {
        Calling("lend");
        return Loan.OfFile(Descriptor, offset, count);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _file.Dispose();
        _folder.Dispose();
    }
}
