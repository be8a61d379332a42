// What plugins have in common whose bytes follow from their position. Not: which bytes (the plugins).

using System;
using NbdFast.Values;

namespace NbdFast.Plugins.Shared.Computed;

/// <summary>A disk that is computed. A write is checked: it must bring what is there already.</summary>
public abstract class ComputedPlugin : Plugin
{
    // A write is compared piece by piece with bytes on the stack. Pieces lie as blocks of the disk do, for what makes
    // them may have blocks too.
    private const int CheckBytes = 4096;

    /// <summary>The size of the disk in bytes.</summary>
    [NbdParameter("size", Magic = true, Required = true, Help = "Size of the backing disk.")]
    public DiskSize Size { get; private protected set; }

    // What a write has to bring, in the message when it does not.
    private protected abstract string Expected { get; }

    /// <inheritdoc/>
    public sealed override Errno Describe(ref ExportInfo info)
    {
        info.Size = Size;
        info.MultiConn = true;
        info.Cache = CacheSupport.Native;
        return Errno.Ok;
    }

    /// <inheritdoc/>
    [HotPath]
    public sealed override Errno Read(Span<byte> buffer, ulong offset)
    {
        Fill(buffer, offset);
        return Errno.Ok;
    }

    /// <summary>Fails with <see cref="Errno.EIO"/> unless the data is what is there. A request for zeroes that a plugin
    /// does not answer itself comes here as zeroes, and so succeeds where there are some.</summary>
    [HotPath]
    public sealed override Errno Write(ReadOnlySpan<byte> data, ulong offset, RequestFlags flags)
    {
        Span<byte> expected = stackalloc byte[CheckBytes];
        while (!data.IsEmpty)
        {
            int length = Math.Min(data.Length, CheckBytes - (int)(offset % CheckBytes));
            Fill(expected[..length], offset);
            int same = data[..length].CommonPrefixLength(expected);
            if (same < length)
                return Mismatch(offset + (ulong)same);
            data = data[length..];
            offset += (ulong)length;
        }

        return Errno.Ok;
    }

    /// <summary>Fills a buffer with the bytes from <paramref name="offset"/> on.</summary>
    [HotPath]
    private protected abstract void Fill(Span<byte> buffer, ulong offset);

    private Errno Mismatch(ulong offset) =>
        Log.Error(Errno.EIO, $"data written does not match {Expected} at offset {offset}");
}
