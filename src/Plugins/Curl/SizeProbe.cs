// Finds out how large the remote file is, and that parts of it can be had. Not: reading them (RemoteFile).

using System;
using NbdFast.Plugins.Curl.Native;

namespace NbdFast.Plugins.Curl;

/// <summary>
/// Asks for the head of the file. Where an HTTP server refuses that, or leaves out the size or that it can serve
/// ranges, the first byte is asked for: the answer to that tells both.
/// </summary>
internal static class SizeProbe
{
    /// <summary>Asks.</summary>
    /// <param name="file">The file.</param>
    /// <param name="url">Its URL, for messages.</param>
    /// <param name="size">Its size in bytes.</param>
    /// <param name="isHttp">It came by HTTP, to which parts can be written.</param>
    public static Errno Ask(RemoteFile file, string url, out ulong size, out bool isHttp)
    {
        size = 0;
        isHttp = false;
        Errno errno = file.Refresh();
        if (errno != Errno.Ok)
            return errno;
        Transfer transfer = file.Rent();
        try
        {
            transfer.AskSize();
            file.Run(transfer);
            isHttp = transfer.Handle.GetText(CurlInfo.Scheme).StartsWith("http", StringComparison.OrdinalIgnoreCase);
            long length = transfer.Succeeded ? transfer.Handle.GetNumber(CurlInfo.ContentLength) : -1;
            string? failure = transfer.Succeeded && (!isHttp || transfer.Head.Status / 100 == 2)
                ? null
                : transfer.Reason();
            bool mayAskAgain = isHttp && (failure == null || transfer.WasRefused);
            if (mayAskAgain && (length < 0 || !transfer.Head.AcceptsRanges))
                return AskFirstByte(file, transfer, url, failure, ref length, out size);
            if (failure != null)
                return Log.Error(
                    Errno.EIO, $"problem doing HEAD request to fetch size of URL [{url}]: {failure}");
            return Found(url, length, out size);
        }
        finally
        {
            file.Return(transfer);
        }
    }

    private static Errno AskFirstByte(
        RemoteFile file, Transfer transfer, string url, string? failure, ref long length, out ulong size)
    {
        size = 0;
        if (length == 0)
            return Errno.Ok;   // There are no parts that could be asked for.
        Span<byte> first = stackalloc byte[1];
        Probe probe = new(file, transfer);
        PinnedRange.Read(probe, first, 0);
        if (transfer.Succeeded)
        {
            length = transfer.Head.HasRange ? transfer.Head.TotalSize : length;
            return Found(url, length, out size);
        }

        if (transfer.Head is { HasRange: true, TotalSize: 0 })
            return Errno.Ok;   // "Range not satisfiable": the file is empty.
        if (failure != null)
            return Log.Error(Errno.EIO, $"problem doing HEAD request to fetch size of URL [{url}]: {failure}");
        return transfer.Head.Status == 200
            ? Log.Error(Errno.EIO, $"server does not support 'range' (byte range) requests")
            : Log.Error(
                Errno.EIO, $"problem doing GET request to fetch size of URL [{url}]: {transfer.Reason()}");
    }

    private static Errno Found(string url, long length, out ulong size)
    {
        size = length < 0 ? 0 : (ulong)length;
        if (length < 0)
            return Log.Error(Errno.EIO, $"could not get length of remote file [{url}], is the URL correct?");
        Log.Debug($"content length: {length}");
        return Errno.Ok;
    }

    private sealed class Probe(RemoteFile file, Transfer transfer) : IRangeTransfer
    {
        public Errno Transfer(nint address, int length, ulong offset, bool isWrite)
        {
            transfer.AskRead(address, length, offset, size: 0);
            file.Run(transfer);
            return Errno.Ok;
        }
    }
}
