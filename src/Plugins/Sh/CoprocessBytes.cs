// The output in an answer of a co-process. Not: taking answers apart (CoprocessReply).

using System;
using NbdFast.Native;

namespace NbdFast.Plugins.Scripts;

/// <summary>Bytes whose number a co-process tells before they come. What it only claims takes no memory, and what is
/// large none of the heap, which is small.</summary>
internal readonly struct CoprocessBytes : IDisposable
{
    private const int LargestOfHeap = 64 << 10;

    private readonly byte[] _small;
    private readonly NativeBuffer? _large;

    /// <summary>Makes room.</summary>
    /// <exception cref="InsufficientMemoryException">There is none.</exception>
    public CoprocessBytes(int count)
    {
        _small = count is 0 or > LargestOfHeap ? [] : GC.AllocateUninitializedArray<byte>(count);
        _large = count > LargestOfHeap ? new NativeBuffer(count) : null;
    }

    /// <summary>All of them; none after <see cref="Dispose"/>.</summary>
    public Span<byte> Span => _large is { } large ? large.Span : _small;

    /// <summary>Gives the memory back.</summary>
    public void Dispose() => _large?.Release();
}
