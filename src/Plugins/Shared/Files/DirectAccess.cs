// The way to a file past the page cache, for a disk that is swap space. Not: requests (FileConnection).

using System;
using NbdFast.Native;

namespace NbdFast.Plugins.Shared.Files;

/// <summary>
/// A second descriptor of the same file, opened with O_DIRECT: what goes through it needs no new page of the cache,
/// which the kernel, when it swaps because it has none to give, would have to free first. Whole sectors from aligned
/// memory take this way, as all of swap does; the rest takes the other, and the kernel keeps the two in step.
/// </summary>
internal sealed class DirectAccess : IDisposable
{
    // Of memory, position and length: what every disk and file system takes.
    private const uint AlignedBytes = 4096;

    private DirectAccess(int descriptor) => Descriptor = descriptor;

    /// <summary>The descriptor.</summary>
    public int Descriptor { get; }

    /// <summary>Opens it, if the file system has it; otherwise says that it does not.</summary>
    /// <param name="file">The open file.</param>
    public static DirectAccess? TryOpen(OpenFile file)
    {
        int flags = OpenFlags.Direct | OpenFlags.CloseOnExec
            | (file.CanWrite ? OpenFlags.ReadWrite : OpenFlags.ReadOnly);
        int descriptor = Libc.Open(Libc.CurrentDirectory, $"/proc/self/fd/{file.Descriptor}", flags);
        if (descriptor >= 0)
            return new DirectAccess(descriptor);
        Log.Error($"warning: --swap: file: the file cannot be opened with O_DIRECT: {((Errno)(-descriptor)).Text()}: " +
            "it is written through the page cache, which takes memory that swapping should free");
        return null;
    }

    /// <summary>Says whether this memory and this place of the file may meet directly.</summary>
    [HotPath]
    public static bool Takes(ReadOnlySpan<byte> memory, ulong position) =>
        (((ulong)NativeBuffer.AddressOf(memory) | position | (uint)memory.Length) & (AlignedBytes - 1)) == 0;

    /// <summary>Closes the descriptor.</summary>
    public void Dispose() => Libc.Close(Descriptor);
}
