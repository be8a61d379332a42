// Finds out how large the remote file is, and that parts of it can be had. Not: reading them (RangeRequest).

using System;
using System.Threading;
using NbdFast.Native;
using NbdFast.Plugins.Curl.Native;

namespace NbdFast.Plugins.Curl;

/// <summary>
/// Asks for the head of the file. Where an HTTP server refuses that, or leaves out the size or that it can serve
/// ranges, the first byte is asked for: the answer to that tells both. Waits for the answers.
/// </summary>
internal sealed class SizeProbe : IProgress, IDisposable
{
    private readonly ManualResetEventSlim _ended = new();
    private readonly RemoteFile _file;
    private readonly Transfer _transfer;
    private readonly string _url;

    /// <summary>Asks nothing yet.</summary>
    /// <param name="file">The file.</param>
    /// <param name="transfer">To ask with; given back at the end.</param>
    /// <param name="url">Its URL, for messages.</param>
    public SizeProbe(RemoteFile file, Transfer transfer, string url)
    {
        _file = file;
        _transfer = transfer;
        _url = url;
    }

    /// <summary>The size of the file in bytes.</summary>
    public ulong Size { get; private set; }

    /// <summary>It comes by HTTP, to which parts can be written.</summary>
    public bool IsHttp { get; private set; }

    /// <summary>Asks.</summary>
    public Errno Ask()
    {
        _transfer.AskSize(this);
        Run();
        IsHttp = _transfer.Handle.GetText(CurlInfo.Scheme).StartsWith("http", StringComparison.OrdinalIgnoreCase);
        bool isGood = _transfer.Succeeded && (!IsHttp || _transfer.Head.Status / 100 == 2);
        string? failure = isGood ? null : _transfer.Reason();
        long length = isGood ? _transfer.Handle.GetNumber(CurlInfo.ContentLength) : -1;
        bool mayAskAgain = IsHttp && (isGood || _transfer.WasRefused);
        if (mayAskAgain && length != 0 && (length < 0 || !_transfer.Head.AcceptsRanges))
            return AskFirstByte(failure, length);
        return failure == null ? Found(length) : Failed("HEAD", failure);
    }

    /// <inheritdoc/>
    public void Advanced(int done)
    {
    }

    /// <inheritdoc/>
    public void Ended(Transfer transfer) => _ended.Set();

    /// <summary>Gives the transfer back.</summary>
    public void Dispose()
    {
        _file.Return(_transfer);
        _ended.Dispose();
    }

    private void Run()
    {
        Burst.SendNow();   // We are going to wait.
        _ended.Reset();
        _file.Start(_transfer);
        Burst.SendNow();
        _ended.Wait();
    }

    private Errno AskFirstByte(string? failure, long length)
    {
        Span<byte> first = stackalloc byte[1];   // On the stack, where nothing moves.
        _transfer.AskRead(this, NativeBuffer.AddressOf(first), first.Length, offset: 0, size: 0);
        Run();
        ref readonly ResponseHead head = ref _transfer.Head;
        if (_transfer.Succeeded)
            return Found(head.HasRange ? head.TotalSize : length);
        if (head is { HasRange: true, TotalSize: 0 })
            return Errno.Ok;   // "Range not satisfiable": the file is empty.
        if (failure != null)
            return Failed("HEAD", failure);
        return head.Status == Transfer.StatusWhole
            ? Log.Error(Errno.EIO, $"server does not support 'range' (byte range) requests")
            : Failed("GET", _transfer.Reason());
    }

    private Errno Failed(string method, string reason) =>
        Log.Error(Errno.EIO, $"problem doing {method} request to fetch size of URL [{_url}]: {reason}");

    private Errno Found(long length)
    {
        if (length < 0)
            return Log.Error(Errno.EIO, $"could not get length of remote file [{_url}], is the URL correct?");
        Log.Debug($"content length: {length}");
        Size = (ulong)length;
        return Errno.Ok;
    }
}
