// The cow filter: a writable copy over a disk that is only read. Not: its connections (CowFilter.Connection), where the
// copy lies (CowOverlay).

using System;
using System.Collections.Generic;
using System.IO;
using System.Numerics;
using System.Threading;
using NbdFast.Native;
using NbdFast.Storage;
using NbdFast.Values;

namespace NbdFast.Filters;

/// <summary>Keeps what is written in an overlay per export, thrown away when the server ends
/// (nbdkit-cow-filter(1)).</summary>
[NbdFilter("cow", "nbdkit copy-on-write (COW) filter", Latency = Latency.MayBlock)]
public sealed partial class CowFilter : Filter
{
    private const ulong SmallestBlock = 4096;
    private const ulong LargestBlock = 1UL << 31;
    private const int NoFile = -1;
    private static readonly NativeBuffer Zeroes = new(64 << 10);   // Aligned, as O_DIRECT wants it.

    private readonly Lock _lock = new();
    private readonly Dictionary<string, CowOverlay> _overlays = [];
    private readonly string _folder =
        Path.GetFullPath(Environment.GetEnvironmentVariable("TMPDIR") is { Length: > 0 } folder ? folder : "/var/tmp");

    private int _firstFile = NoFile;

    /// <summary>The unit of copying in bytes. Default: 64 KiB.</summary>
    [NbdParameter("cow-block-size", ValueName = "N", Help = "Set COW block size.")]
    public DiskSize BlockSize { get; private set; } = new(64 << 10);

    /// <summary>What a client asks to cache is copied. Default: false.</summary>
    [NbdParameter("cow-on-cache", ValueName = "BOOL", Help = "Copy cache (prefetch) requests to the overlay.")]
    public bool OnCache { get; private set; }

    /// <summary>What a client reads is copied. Default: never.</summary>
    [NbdParameter("cow-on-read", ValueName = "BOOL|/PATH", Help = "Copy read requests to the overlay.")]
    public CowOnRead OnRead { get; private set; }

    /// <inheritdoc/>
    public override string? SwapObjection => SwapSuitability.ObjectionTo(_firstFile);

    /// <inheritdoc/>
    public override void ConfigComplete()
    {
        ulong size = BlockSize;
        if (size is < SmallestBlock or > LargestBlock || !BitOperations.IsPow2(size))
            throw new ConfigException("cow-block-size is out of range (4096..2G) or not a power of 2");
    }

    /// <inheritdoc/>
    public override void GetReady(ThreadModel model)
    {
        // A folder that does not do is to be told of now and not to the first client.
        _firstFile = Libc.OpenNameless(_folder);
        if (_firstFile < 0)
            throw new ConfigException($"{_folder}: {((Errno)(-_firstFile)).Text()}");
    }

    /// <inheritdoc/>
    public override Errno Opening(OpenRequest request)
    {
        request.ReadOnly = true;
        return Errno.Ok;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        foreach (CowOverlay overlay in _overlays.Values)
            overlay.Dispose();
        if (_firstFile >= 0)
            CowOverlay.CloseFile(_firstFile);
        base.Dispose();
    }

    // The overlay of an export is made for its first client and there for all that follow.
    private Errno OpenOverlay(string exportName, in ExportInfo below, out CowOverlay? overlay)
    {
        lock (_lock)
        {
            if (_overlays.TryGetValue(exportName, out overlay))
            {
                return overlay.Size == below.Size
                    ? Errno.Ok
                    : Log.Error(
                        Errno.EIO,
                        $"cow: the size of export \"{exportName}\" changed from {overlay.Size} to {below.Size}");
            }

            int file = _firstFile >= 0 ? _firstFile : Libc.OpenNameless(_folder);
            _firstFile = NoFile;
            if (file < 0)
                return Log.Error((Errno)(-file), $"cow: {_folder}: {((Errno)(-file)).Text()}");

            // The layer below must be able to read a single block.
            uint blockSize = uint.Max((uint)BlockSize.Bytes, below.BlockMinimum);
            Errno errno = CowOverlay.TryCreate(below.Size, blockSize, file, out overlay);
            if (errno == Errno.Ok)
                _overlays.Add(exportName, overlay!);
            return errno;
        }
    }
}
