// A client's read or write under way. Not: a single transfer (Transfer), what was fetched before (Readahead).

using System;
using System.Buffers;
using System.Threading.Tasks;
using System.Threading.Tasks.Sources;
using NbdFast.Native;

namespace NbdFast.Plugins.Curl;

/// <summary>
/// Whoever asked waits for it as for a task; then it is used again. A read goes on piece by piece, each of which comes
/// from a segment that was read ahead or by a transfer of its own: on the thread that asked as long as everything is
/// there, then on the thread that brings the data.
/// </summary>
internal sealed class RangeRequest(CurlConnection connection) : IValueTaskSource<Errno>, IProgress
{
    private ManualResetValueTaskSourceCore<Errno> _core;
    private MemoryHandle _pin;
    private nint _address;
    private ulong _offset;
    private int _length;
    private int _done;
    private bool _isWrite;
    private string? _failure;

    /// <summary>The piece that is waited for.</summary>
    public int PieceLength { get; private set; }

    /// <summary>Where the piece is in the file.</summary>
    public ulong PieceOffset => _offset + (ulong)_done;

    /// <summary>The next request that waits for the same segment.</summary>
    public RangeRequest? NextWaiter { get; set; }

    /// <summary>Fills memory.</summary>
    [HotPath]
    public ValueTask<Errno> Read(Memory<byte> buffer, ulong offset)
    {
        short version = Load(buffer, offset, isWrite: false);
        // From the moment that others have it in hand it may be used for another request already.
        return Continue() ? Finished() : new ValueTask<Errno>(this, version);
    }

    /// <summary>Sends memory.</summary>
    public ValueTask<Errno> Write(ReadOnlyMemory<byte> data, ulong offset)
    {
        short version = Load(data, offset, isWrite: true);
        if (connection.File.Rent() is { } transfer)
        {
            transfer.AskWrite(this, _address, _length, offset, connection.Size);
            connection.File.Start(transfer);
        }
        else
            _core.SetResult(Errno.ENOMEM);
        return new ValueTask<Errno>(this, version);
    }

    /// <summary>The bytes of the segment that it waits for have come, or never will.</summary>
    [HotPath]
    public void Resume(Segment segment, bool isThere)
    {
        if (!isThere)
            FetchInstead(segment);
        else
        {
            Take(segment);
            if (Continue())
                _core.SetResult(Errno.Ok);
        }
    }

    /// <inheritdoc/>
    public void Advanced(int done)
    {
    }

    /// <inheritdoc/>
    [HotPath]
    public void Ended(Transfer transfer)
    {
        bool succeeded = transfer.Succeeded;
        if (!succeeded)
            _failure = FailureOf(transfer);
        int length = transfer.Length;
        connection.File.Return(transfer);
        if (_isWrite)
            connection.Wrote(_offset, (ulong)_length);
        _done += length;
        if (!succeeded || _isWrite)
            _core.SetResult(succeeded ? Errno.Ok : Errno.EIO);
        else if (Continue())
            _core.SetResult(Errno.Ok);
    }

    /// <inheritdoc/>
    [HotPath]
    public Errno GetResult(short token)
    {
        Errno errno = _core.GetResult(token);
        if (_failure != null)
            Tell();
        Unload();
        return errno;
    }

    /// <inheritdoc/>
    [HotPath]
    public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

    /// <inheritdoc/>
    [HotPath]
    public void OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    [HotPath]
    private short Load(ReadOnlyMemory<byte> memory, ulong offset, bool isWrite)
    {
        _pin = memory.Pin();
        _address = NativeBuffer.AddressOf(memory.Span);
        _offset = offset;
        _length = memory.Length;
        _done = 0;
        _isWrite = isWrite;
        _failure = null;
        return _core.Version;
    }

    [HotPath]
    private ValueTask<Errno> Finished()
    {
        Unload();
        return new ValueTask<Errno>(Errno.Ok);
    }

    [HotPath]
    private void Unload()
    {
        _pin.Dispose();
        _pin = default;
        _core.Reset();
        if (!_isWrite)
            connection.Readahead?.Ended(_length);
        connection.Return(this);
    }

    // True if all of it is there; else others have it in hand.
    [HotPath]
    private bool Continue()
    {
        while (_done < _length)
        {
            int count = _length - _done;
            Segment? segment = connection.Readahead?.Find(PieceOffset, ref count, isFirst: _done == 0);
            PieceLength = count;
            if (segment == null)
            {
                Fetch();
                return false;
            }

            switch (segment.Ask(this))
            {
                case Segment.Answer.Now:
                    Take(segment);
                    break;
                case Segment.Answer.Later:
                    return false;
                default:
                    FetchInstead(segment);
                    return false;
            }
        }

        return true;
    }

    [HotPath]
    private void Take(Segment segment)
    {
        int count = PieceLength;
        segment.CopyTo(NativeBuffer.At(_address + _done, count), PieceOffset);
        _done += count;
        connection.Readahead!.Leave(segment, count, isTaken: true);
    }

    private void FetchInstead(Segment segment)
    {
        connection.Readahead!.Leave(segment, PieceLength, isTaken: false);
        Fetch();
    }

    [HotPath]
    private void Fetch()
    {
        if (connection.File.Rent() is { } transfer)
        {
            transfer.AskRead(this, _address + _done, PieceLength, PieceOffset, connection.Size);
            connection.File.Start(transfer);
        }
        else
            _core.SetResult(Errno.ENOMEM);
    }

    private static string FailureOf(Transfer transfer) =>
        transfer.HasLibraryFailed ? $"curl_easy_perform: {transfer.Reason()}" : transfer.Reason();

    private void Tell() => Log.Error($"{(_isWrite ? "pwrite" : "pread")}: {_failure}");
}
