// The reads of a thread that wait for the disk. Not: which reads do (Server/RequestLoop), the ring (Native/IoUring).

using System;
using NbdFast.Diagnostics;
using NbdFast.Native;

namespace NbdFast.Drivers;

/// <summary>
/// Files that are not in the page cache, read without a thread for each read: io_uring(7) has them under way, and the
/// thread that asked hears of their ends where it waits for its clients anyway. Used by one thread. Where the system
/// has no rings, or none for us, it never can.
/// </summary>
internal sealed class ReadRing : IDisposable
{
    private const int Entries = 256;
    private const ulong DescriptorTag = ulong.MaxValue;

    private static volatile bool _isRefusedToAll = !DebugFlags.ReadRing;

    // A server of swap must not need memory, which a ring takes.
    private bool _isRefused = _isRefusedToAll || ServerControl.ServesSwap;
    private IoUring? _ring;
    private IDiskRead?[] _reads = [];
    private int[] _free = [];
    private int _freeCount;
    private int _underWay;
    private bool _isAwaiting;

    /// <summary>Reads are under way.</summary>
    public bool IsBusy => _underWay > 0;

    /// <summary>Says whether one more read can be started. Makes the ring when it is asked first.</summary>
    [HotPath]
    public bool CanStart() => _ring != null ? _freeCount > 0 : !_isRefused && TryMake();

    /// <summary>Starts a read. Only where <see cref="CanStart"/> said so.</summary>
    /// <param name="read">Is told of its end, in a later wait.</param>
    /// <param name="file">The descriptor.</param>
    /// <param name="address">Where the bytes go, the kernel's until the end.</param>
    /// <param name="length">How many bytes.</param>
    /// <param name="offset">Where they begin in the file.</param>
    [HotPath]
    public void Start(IDiskRead read, int file, nint address, int length, ulong offset)
    {
        int number = _free[--_freeCount];
        _reads[number] = read;
        _underWay++;
        _ring!.Read(file, address, length, offset, (ulong)number);
        _ring.Submit();   // At once: measured, the disk gains more from a head start than calls cost.
    }

    /// <summary>Waits until a descriptor is readable, and hears of reads meanwhile. Only where some were under way.
    /// </summary>
    [HotPath]
    public void WaitFor(int descriptor)
    {
        _ring!.Poll(descriptor, DescriptorTag);
        _isAwaiting = true;
        while (_isAwaiting)
            Wait();
    }

    /// <summary>Waits until a read has ended, if one is under way, but not for long.</summary>
    /// <param name="milliseconds">So long at most.</param>
    [HotPath]
    public void WaitForOne(int milliseconds)
    {
        if (_underWay == 0)
            return;
        _ring!.SubmitAndWait(milliseconds);
        Hear();
    }

    /// <summary>Waits until all reads have ended.</summary>
    public void Finish()
    {
        while (_underWay > 0)
            Wait();
    }

    /// <summary>Gives the ring back, when all reads have ended: the kernel would go on to write where they go.
    /// </summary>
    public void Dispose()
    {
        Finish();
        _ring?.Dispose();
    }

    [HotPath]
    private void Wait()
    {
        _ring!.SubmitAndWait();
        Hear();
    }

    // The replies to what has ended go together.
    [HotPath]
    private void Hear()
    {
        using (Burst.Begin())
        {
            while (_ring!.TryTake(out ulong tag, out int result, out _))
                Completed(tag, result);
        }
    }

    [HotPath]
    private void Completed(ulong tag, int result)
    {
        if (tag == DescriptorTag)
        {
            _isAwaiting = false;
            return;
        }

        IDiskRead read = _reads[tag]!;
        _reads[tag] = null;
        _free[_freeCount++] = (int)tag;
        _underWay--;
        read.ReadEnded(result);
    }

    // When the first read would wait: most threads never need one.
    private bool TryMake()
    {
        Errno errno = IoUring.TryCreate(Entries, 2 * Entries, isOneThreads: true, out IoUring? ring);
        if (errno == Errno.Ok)
            errno = ring!.Enable();
        if (errno != Errno.Ok)
        {
            ring?.Dispose();
            _isRefused = true;
            _isRefusedToAll = errno is Errno.ENOSYS or Errno.EPERM or Errno.EINVAL;   // Else others may be luckier.
            Log.Debug($"no io_uring: {errno.Text()}: reads that wait for the disk are given to threads");
            return false;
        }

        _ring = ring;
        _reads = new IDiskRead?[Entries];
        _free = new int[Entries];
        for (_freeCount = 0; _freeCount < Entries; _freeCount++)
            _free[_freeCount] = _freeCount;
        return true;
    }
}
