// One request to the remote server: what is asked, what has come, how it ended. Not: who drives it (TransferLoop), what
// every request has in common (HandleSettings).

using System;
using NbdFast.Native;
using NbdFast.Plugins.Curl.Native;

namespace NbdFast.Plugins.Curl;

/// <summary>
/// A transfer with its easy handle; used again and again. Whatever the server sends, memory is written only within the
/// range that was asked for, and a range counts as read only if exactly its bytes have come.
/// </summary>
internal sealed class Transfer : ITransferEvents, IDisposable
{
    internal const int StatusWhole = 200;
    private const int StatusPart = 206;

    private readonly RequestOptions _options;
    private readonly TransferTrace? _trace;
    private ResponseHead _head;
    private nint _address;
    private ulong _size;
    private string? _objection;
    private int _result;
    private volatile bool _isCancelled;

    /// <summary>Makes a transfer that can be used any number of times.</summary>
    /// <param name="credentials">What every request bears.</param>
    /// <param name="trace">Where libcurl's own messages go, or null.</param>
    public Transfer(Credentials credentials, TransferTrace? trace)
    {
        _trace = trace;
        Handle = new EasyHandle(this);
        _options = new RequestOptions(Handle, credentials);
    }

    /// <summary>The handle.</summary>
    public EasyHandle Handle { get; }

    /// <summary>What is asked.</summary>
    public TransferKind Kind { get; private set; }

    /// <summary>The first byte of the range.</summary>
    public ulong Offset { get; private set; }

    /// <summary>The bytes of the range.</summary>
    public int Length { get; private set; }

    /// <summary>How many of them have come, or gone.</summary>
    public int Done { get; private set; }

    /// <summary>Told of progress and of the end.</summary>
    public IProgress? Progress { get; private set; }

    /// <summary>It ended as it should.</summary>
    public bool Succeeded => _result == LibCurl.Ok && _objection == null && Done == Length;

    /// <summary>The server said no to the request, or did not understand it; it may understand another.</summary>
    public bool WasRefused => _result == LibCurl.HttpReturnedError || (_objection != null && IsHttp);

    /// <summary>It was libcurl that failed, and not the answer that was wrong.</summary>
    public bool HasLibraryFailed => _objection == null && _result != LibCurl.Ok;

    /// <summary>The head of the response.</summary>
    public ref readonly ResponseHead Head => ref _head;

    /// <summary>The response came by HTTP.</summary>
    public bool IsHttp => _head.Status != 0;

    /// <summary>Nobody wants it any more: it ends as soon as its driver sees that.</summary>
    public bool IsCancelled => _isCancelled;

    /// <summary>The neighbours in a list of the loop.</summary>
    internal Transfer? Next { get; set; }

    /// <inheritdoc cref="Next"/>
    internal Transfer? Previous { get; set; }

    /// <summary>Prepares to ask for the size.</summary>
    public void AskSize(IProgress progress) => Begin(progress, TransferKind.Size, 0, 0, 0);

    /// <summary>Prepares to read a range.</summary>
    /// <param name="progress">Who follows.</param>
    /// <param name="address">Where its bytes go; must stay there until the end.</param>
    /// <param name="length">Bytes, at least 1.</param>
    /// <param name="offset">The first byte.</param>
    /// <param name="size">The size of the whole file, or 0 if it is not known.</param>
    [HotPath]
    public void AskRead(IProgress progress, nint address, int length, ulong offset, ulong size)
    {
        _size = size;
        Begin(progress, TransferKind.Read, address, length, offset);
        _options.SetRange(offset, length);
    }

    /// <summary>Prepares to write a range.</summary>
    /// <param name="progress">Who follows.</param>
    /// <param name="address">Where its bytes are; must stay there until the end.</param>
    /// <param name="length">Bytes, at least 1.</param>
    /// <param name="offset">The first byte.</param>
    /// <param name="size">The size of the whole file.</param>
    public void AskWrite(IProgress progress, nint address, int length, ulong offset, ulong size)
    {
        Begin(progress, TransferKind.Write, address, length, offset);
        _options.SetContentRange(offset, length, size);
    }

    /// <summary>Lets it end early. The loop must be told as well.</summary>
    public void Cancel() => _isCancelled = true;

    /// <summary>The request bears what all requests bear now. The last call before it is begun.</summary>
    [HotPath]
    public void SetCredentials() => _options.SetCredentials(Kind);

    /// <summary>The transfer has left the multi handle.</summary>
    /// <param name="result">Its CURLcode.</param>
    [HotPath]
    public void End(int result)
    {
        _result = result;
        Progress!.Ended(this);
    }

    /// <summary>The transfer cannot be begun.</summary>
    public void Refuse(string reason)
    {
        _objection = reason;
        Progress!.Ended(this);
    }

    /// <summary>Why it failed, for a person.</summary>
    public string Reason()
    {
        if (_objection != null)
            return _objection;
        if (_result == LibCurl.Ok && Done == Length)
            return $"the server answered with status {_head.Status}";
        if (_result == LibCurl.Ok)
            return $"the server sent {Done} bytes of the {Length} that were asked for";
        string details = Handle.ErrorText;
        string text = LibCurl.EasyText(_result);
        return details.Length == 0 ? text : $"{text}: {details}";
    }

    /// <inheritdoc/>
    [HotPath]
    public void TakeHeader(ReadOnlySpan<byte> line) => _head.Take(line);

    /// <inheritdoc/>
    [HotPath]
    public bool TakeBody(ReadOnlySpan<byte> data)
    {
        if (Kind != TransferKind.Read)
            return true;   // What a server says to a write, or tells of a file's size in the form of data.
        if (_isCancelled || !IsAskedRange())
            return false;
        if (data.Length > Length - Done)
        {
            _objection = "the server sent more than was asked for";
            return false;
        }

        data.CopyTo(NativeBuffer.At(_address + Done, data.Length));
        Done += data.Length;
        Progress!.Advanced(Done);
        return true;
    }

    /// <inheritdoc/>
    [HotPath]
    public int GiveBody(Span<byte> room)
    {
        if (_isCancelled)
            return -1;
        int count = Math.Min(room.Length, Length - Done);
        NativeBuffer.At(_address + Done, count).CopyTo(room);
        Done += count;
        return count;
    }

    /// <inheritdoc/>
    public void TakeTrace(int kind, ReadOnlySpan<byte> text) => _trace?.Tell(Handle, kind, text);

    /// <summary>Ends the handle.</summary>
    public void Dispose()
    {
        Handle.Dispose();
        _options.Dispose();
    }

    [HotPath]
    private void Begin(IProgress progress, TransferKind kind, nint address, int length, ulong offset)
    {
        if (kind != Kind)
            _options.SetKind(kind);
        Kind = kind;
        _address = address;
        Length = length;
        Offset = offset;
        Done = 0;
        _head = default;
        _objection = null;
        _isCancelled = false;
        _result = LibCurl.Ok;
        Progress = progress;
        Handle.ClearError();
    }

    // Another protocol than HTTP has no head: there libcurl sees to the range.
    [HotPath]
    private bool IsAskedRange()
    {
        if (Done > 0 || !IsHttp)
            return true;
        _objection = ObjectionToHead();
        return _objection == null;
    }

    private string? ObjectionToHead()
    {
        if (_head.Status == StatusWhole && !_head.HasRange && Offset == 0 && _size == (ulong)Length)
            return null;   // The range was the whole file.
        if (_head.Status == StatusWhole)
            return "server does not support 'range' (byte range) requests: it sent the whole file";
        if (_head.Status != StatusPart)
            return $"the server answered with status {_head.Status}";
        bool isOther = _head.HasRange
            && ((ulong)_head.RangeStart != Offset || (ulong)_head.RangeLast != Offset + (ulong)Length - 1);
        return isOther ? "the server sent another range than was asked for" : null;
    }
}
