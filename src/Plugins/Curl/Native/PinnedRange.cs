// Holds the memory of a request in its place while it is filled or sent. Not: who does that.

using System;

namespace NbdFast.Plugins.Curl.Native;

/// <summary>Does something with memory by its address.</summary>
internal interface IRangeTransfer
{
    /// <summary>Transfers the range to or from the memory.</summary>
    /// <param name="address">The first byte in memory; it stays there until this returns.</param>
    /// <param name="length">Bytes.</param>
    /// <param name="offset">The position of the first byte in the file.</param>
    /// <param name="isWrite">From memory to file.</param>
    Errno Transfer(nint address, int length, ulong offset, bool isWrite);
}

/// <summary>Pins spans.</summary>
internal static unsafe class PinnedRange
{
    /// <summary>Fills a span.</summary>
    [HotPath]
    public static Errno Read(IRangeTransfer transfer, Span<byte> buffer, ulong offset)
    {
        fixed (byte* address = buffer)
            return transfer.Transfer((nint)address, buffer.Length, offset, isWrite: false);
    }

    /// <summary>Sends a span.</summary>
    [HotPath]
    public static Errno Write(IRangeTransfer transfer, ReadOnlySpan<byte> data, ulong offset)
    {
        fixed (byte* address = data)
            return transfer.Transfer((nint)address, data.Length, offset, isWrite: true);
    }
}
