// The requests of one connection to one open file. Not: opening it (OpenFile), zeroing and trimming (Space), holes
// (HoleMap).

using System;
using System.Threading;
using NbdFast.Native;
using NbdFast.Storage;

namespace NbdFast.Plugins.Shared.Files;

/// <summary>A connection's own descriptor of the file, and what is done with it.</summary>
public sealed class FileConnection : Link
{
    private readonly OpenFile _file;
    private readonly int _descriptor;
    private readonly Space _space;
    private readonly HoleMap _holes;
    private readonly PageCacheRelief? _relief;
    private readonly DirectAccess? _direct;
    private readonly Lock _syncing = new();
    private volatile bool _writesDurably;
    private long _synced;

    /// <summary>Serves an open file, which is closed with the connection.</summary>
    /// <param name="file">The file.</param>
    /// <param name="advice">In what order it is expected to be read.</param>
    /// <param name="reduceMemoryPressure">What was read or written leaves the page cache soon.</param>
    internal FileConnection(
        OpenFile file, FileAdvice advice = FileAdvice.Normal, bool reduceMemoryPressure = false)
    {
        _file = file;
        _descriptor = file.Descriptor;
        _writesDurably = file.WritesDurably;
        _space = file.IsBlockDevice ? new DeviceSpace(_descriptor) : new FileSpace(_descriptor);
        _holes = new HoleMap(_descriptor, file.Size);
        _relief = reduceMemoryPressure ? new PageCacheRelief(_descriptor) : null;
        // Without it the page cache has to do: who started the server was told (SwapObjection).
        if (ServerControl.ServesSwap && DirectAccess.TryOpen(_descriptor, file.CanWrite, out _direct) is not Errno.Ok)
            Log.Debug($"file: O_DIRECT is not possible");
        if (advice != FileAdvice.Normal && Libc.Advise(_descriptor, 0, 0, advice) is var error and not Errno.Ok)
            Log.Debug($"file: fadvise: {error.Text()}");   // It is a hint: without it reads are slower, not wrong.
    }

    /// <summary>The file is the same for all connections: what one writes another reads. Default: true.</summary>
    internal bool IsShared { private get; init; } = true;

    /// <summary>The file is gone when the connection is: nothing need be brought to the disk. Default: false.</summary>
    internal bool IsTemporary { private get; init; }

    /// <summary>The changes by all connections to the file: a flush of what nobody changed does nothing. Default: null,
    /// and each flush is one of the file.</summary>
    internal FileChanges? Changes { private get; init; }

    /// <inheritdoc/>
    public override Errno Describe(ref ExportInfo info)
    {
        info.Size = _file.Size;
        info.CanWrite = info.CanWrite && _file.CanWrite;
        info.CanExtents = _holes.IsKnown;
        info.CanFastZero = true;
        info.Fua = FuaSupport.Native;
        info.MultiConn = IsShared;   // All connections go through one page cache.
        if (_file.IsBlockDevice)
            DescribeDevice(ref info);
        return Errno.Ok;
    }

    /// <inheritdoc/>
    [HotPath]
    public override Errno Read(Span<byte> buffer, ulong offset)
    {
        Span<byte> rest = buffer;
        for (ulong position = offset; !rest.IsEmpty;)
        {
            nint count = Libc.ReadAt(DescriptorFor(rest, position), rest, position);
            if (count > 0)
            {
                rest = rest[(int)count..];
                position += (ulong)count;
            }
            else if (count != -(nint)Errno.EINTR)
                return ReadFailed(count);
        }

        _relief?.AfterRead(offset, (ulong)buffer.Length);
        return Errno.Ok;
    }

    /// <inheritdoc/>
    [HotPath]
    public override Errno Write(ReadOnlySpan<byte> data, ulong offset, RequestFlags flags) =>
        Changed(WriteAll(data, offset, flags), flags);

    /// <inheritdoc/>
    [HotPath]
    public override Errno Flush()
    {
        if (Changes is not { } changes)
            return Sync();
        lock (_syncing)
        {
            long count = changes.Count;   // Before it is synced: what is changed meanwhile is for the next flush.
            if (count == _synced)
                return Errno.Ok;
            Errno error = Sync();
            if (error == Errno.Ok)
                _synced = count;
            return error;
        }
    }

    /// <inheritdoc/>
    [HotPath]
    public override Errno Trim(ulong count, ulong offset, RequestFlags flags) =>
        Changed(Durable(_space.Trim(count, offset), flags), flags);

    /// <inheritdoc/>
    [HotPath]
    public override Errno Zero(ulong count, ulong offset, RequestFlags flags) =>
        Changed(Durable(_space.Zero(count, offset, flags), flags), flags);

    /// <inheritdoc/>
    [HotPath]
    public override Errno Extents(ulong count, ulong offset, RequestFlags flags, ExtentList extents) =>
        _holes.Extents(count, offset, flags, extents);

    /// <inheritdoc/>
    [HotPath]
    public override Errno Cache(ulong count, ulong offset)
    {
        Errno error = Libc.Advise(_descriptor, offset, count, FileAdvice.WillNeed);
        return error == Errno.Ok ? Errno.Ok : Failed("posix_fadvise", error);
    }

    /// <inheritdoc/>
    [HotPath]
    public override Loan Lend(uint count, ulong offset, bool wantHoles)
    {
        Loan hole = wantHoles ? _holes.Lend(count, offset) : Loan.None;
        // What is to leave the page cache again must be read by Read, which sees to that.
        return hole.Kind == LoanKind.Hole || AvoidsPageCache ? hole : Loan.OfFile(_descriptor, offset, count);
    }

    /// <inheritdoc/>
    [HotPath]
    public override Loan LendForWrite(uint count, ulong offset) =>
        AvoidsPageCache ? Loan.None : Loan.OfFile(_descriptor, offset, count);

    /// <inheritdoc/>
    [HotPath]
    public override void Written(uint count, ulong offset) => Changes?.Add();

    /// <inheritdoc/>
    public override void Close()
    {
        _relief?.DropAll();
        _direct?.Dispose();
        _file.Dispose();
    }

    private bool AvoidsPageCache => _relief != null || _direct != null;

    [HotPath]
    private int DescriptorFor(ReadOnlySpan<byte> memory, ulong position) =>
        _direct != null && DirectAccess.Takes(memory, position) ? _direct.Descriptor : _descriptor;

    private void DescribeDevice(ref ExportInfo info) => BlockGeometry.Describe(_descriptor, ref info);

    [HotPath]
    private Errno WriteAll(ReadOnlySpan<byte> data, ulong offset, RequestFlags flags)
    {
        bool isDurable = (flags & RequestFlags.Fua) != 0 && !IsTemporary;
        bool isDurableByItself = isDurable && _writesDurably;
        ReadOnlySpan<byte> rest = data;
        for (ulong position = offset; !rest.IsEmpty;)
        {
            int descriptor = DescriptorFor(rest, position);
            nint count = isDurableByItself
                ? Libc.WriteAtDurably(descriptor, rest, position)
                : Libc.WriteAt(descriptor, rest, position);
            if (count > 0)
            {
                rest = rest[(int)count..];
                position += (ulong)count;
            }
            else if (isDurableByItself && count is -(nint)Errno.ENOTSUP or -(nint)Errno.ENOSYS)
                _writesDurably = isDurableByItself = false;   // An old kernel; what was written so far gets the flush.
            else if (count != -(nint)Errno.EINTR)
                return WriteFailed(count);
        }

        _relief?.AfterWrite(offset, (ulong)data.Length);
        return isDurable && !isDurableByItself ? Sync() : Errno.Ok;
    }

    [HotPath]
    private Errno Sync()
    {
        if (IsTemporary)
            return Errno.Ok;
        Errno error = Libc.SyncData(_descriptor);
        if (error == Errno.Ok && _relief != null)
            error = _relief.TakeError();
        return error == Errno.Ok ? Errno.Ok : Failed("fdatasync", error);
    }

    // One that failed may have changed something.
    [HotPath]
    private Errno Changed(Errno error, RequestFlags flags)
    {
        if (error != Errno.Ok || (flags & RequestFlags.Fua) == 0)
            Changes?.Add();
        return error;
    }

    [HotPath]
    private Errno Durable(Errno error, RequestFlags flags) =>
        error == Errno.Ok && (flags & RequestFlags.Fua) != 0 ? Sync() : error;

    private static Errno ReadFailed(nint count) => count == 0
        ? Log.Error(Errno.EIO, $"pread: unexpected end of file")   // It was cut short while it was served.
        : Failed("pread", (Errno)(-count));

    private static Errno WriteFailed(nint count) => Failed("pwrite", count == 0 ? Errno.EIO : (Errno)(-count));

    private static Errno Failed(string call, Errno error) => Log.Error(error, $"{call}: {error.Text()}");
}
