// The way to a file past the page cache, for a disk that is swap space. Not: whether there is need for it
// (ServerControl.ServesSwap).

using System;
using NbdFast.Native;

namespace NbdFast.Storage;

/// <summary>
/// A second descriptor of the same file, opened with O_DIRECT: what goes through it needs no new page of the cache,
/// which the kernel, when it swaps because it has none to give, would have to free first. Whole sectors from aligned
/// memory take this way, as all of swap does; the rest takes the other, and the kernel keeps the two in step.
/// </summary>
public sealed class DirectAccess : IDisposable
{
    /// <summary>What memory, position and length must be a multiple of: every disk and file system takes it.</summary>
    public const uint AlignedBytes = 4096;

    private DirectAccess(int descriptor) => Descriptor = descriptor;

    /// <summary>The descriptor.</summary>
    public int Descriptor { get; }

    /// <summary>Opens it.</summary>
    /// <param name="descriptor">The open file.</param>
    /// <param name="canWrite">It is to be written as well.</param>
    /// <param name="access">It, or null.</param>
    /// <returns>EINVAL where the file system has no such thing.</returns>
    public static Errno TryOpen(int descriptor, bool canWrite, out DirectAccess? access)
    {
        int flags = OpenFlags.Direct | OpenFlags.CloseOnExec | (canWrite ? OpenFlags.ReadWrite : OpenFlags.ReadOnly);
        int direct = Libc.Open(Libc.CurrentDirectory, $"/proc/self/fd/{descriptor}", flags);
        access = direct < 0 ? null : new DirectAccess(direct);
        return direct < 0 ? (Errno)(-direct) : Errno.Ok;
    }

    /// <summary>Says whether this memory and this place of the file may meet directly.</summary>
    [HotPath]
    public static bool Takes(ReadOnlySpan<byte> memory, ulong position) =>
        (((ulong)NativeBuffer.AddressOf(memory) | position | (uint)memory.Length) & (AlignedBytes - 1)) == 0;

    /// <summary>Closes the descriptor.</summary>
    public void Dispose() => Libc.Close(Descriptor);
}
