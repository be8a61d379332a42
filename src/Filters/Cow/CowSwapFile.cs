// What an overlay needs besides its file if the disk is swap of this machine. Not: overlays as such (CowOverlay).

using System;
using System.Threading;
using NbdFast.Native;
using NbdFast.Storage;

namespace NbdFast.Filters;

/// <summary>
/// A file that has all its storage beforehand and is written past the page cache, and the memory for copying blocks to
/// it: what could have to be asked for in the middle of a request, when the kernel has nothing to give.
/// </summary>
internal sealed class CowSwapFile : IDisposable
{
    private const int FillBytes = 1 << 20;

    private readonly DirectAccess? _direct;
    private readonly NativeBuffer _scratch;

    private CowSwapFile(DirectAccess? direct, int scratchBytes)
    {
        _direct = direct;
        _scratch = new NativeBuffer(scratchBytes);
        _ = _scratch.Populate();   // If not now, then when it is touched; all of it is locked then.
    }

    /// <summary>Held by who uses <see cref="Scratch"/>.</summary>
    public Lock Copying { get; } = new();

    /// <summary>Memory for copying.</summary>
    public Span<byte> Scratch => _scratch.Span;

    /// <summary>Writes all of the file, so that nothing is left to allocate.</summary>
    /// <param name="descriptor">The empty file.</param>
    /// <param name="size">How long it may become, in bytes.</param>
    /// <param name="scratchBytes">The size of <see cref="Scratch"/>.</param>
    /// <param name="file">What was made.</param>
    /// <returns>ENOSPC if there is no room for all.</returns>
    public static Errno TryCreate(int descriptor, ulong size, int scratchBytes, out CowSwapFile? file)
    {
        // Where the file system does not have it, the page cache has to do: who started the server was told.
        _ = DirectAccess.TryOpen(descriptor, canWrite: true, out DirectAccess? direct);
        file = new CowSwapFile(direct, scratchBytes);
        Errno errno = file.Fill(descriptor, size);
        if (errno == Errno.Ok)
            return Errno.Ok;
        file.Dispose();
        file = null;
        return Log.Error(errno, $"cow: write overlay in full, for swap: {errno.Text()}");
    }

    /// <summary>The descriptor to use for this memory and this place.</summary>
    [HotPath]
    public int DescriptorFor(ReadOnlySpan<byte> memory, ulong position, int ordinary) =>
        _direct != null && DirectAccess.Takes(memory, position) ? _direct.Descriptor : ordinary;

    /// <inheritdoc/>
    public void Dispose()
    {
        _direct?.Dispose();
        _scratch.Release();
    }

    private Errno Fill(int descriptor, ulong size)
    {
        NativeBuffer zeroes = new(FillBytes);
        try
        {
            for (ulong position = 0; position < size;)
            {
                nint count = Libc.WriteAt(DescriptorFor(zeroes.Span, position, descriptor), zeroes.Span, position);
                if (count <= 0 && count != -(nint)Errno.EINTR)
                    return count == 0 ? Errno.EIO : (Errno)(int)-count;
                position += (ulong)nint.Max(count, 0);
            }

            return Libc.SyncData(descriptor);
        }
        finally
        {
            zeroes.Release();
        }
    }
}
