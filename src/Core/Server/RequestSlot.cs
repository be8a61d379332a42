// One request that another thread, or an asynchronous operation, is to serve. Not: how (RequestExecutor).

using System;
using System.Runtime.CompilerServices;
using System.Threading.Tasks;
using NbdFast.Buffers;
using NbdFast.Drivers;
using NbdFast.Protocol;

namespace NbdFast.Server;

/// <summary>A request under way, with all it needs; used again by its connection.</summary>
internal sealed class RequestSlot(RequestDispatcher owner) : Work, IDiskRead
{
    private RequestHeader _request;
    private RequestBuffer? _payload;
    private int _payloadBytes;
    private ExtentList? _extents;
    private Action? _continuation;
    private bool _isEnding;
    private ConfiguredValueTaskAwaitable<Errno>.ConfiguredValueTaskAwaiter _awaiter;

    /// <summary>Takes on a request.</summary>
    /// <param name="request">An allowed request.</param>
    /// <param name="payload">The data of a write, given back when it is served, or null.</param>
    /// <param name="payloadBytes">Its length.</param>
    [HotPath]
    public void Load(in RequestHeader request, RequestBuffer? payload, int payloadBytes)
    {
        _request = request;
        _payload = payload;
        _payloadBytes = payloadBytes;
    }

    /// <summary>Serves the request on the calling thread, or ends it.</summary>
    [HotPath]
    public override void Run()
    {
        Log.Context = owner.LogContext;
        if (_isEnding)
        {
            _isEnding = false;
            End();
            return;
        }

        ReadOnlySpan<byte> payload = _payload == null ? default : _payload.Payload(_payloadBytes);
        owner.Executor.Execute(_request, payload, ref _extents, mayWait: true);
        Finish();
    }

    /// <inheritdoc/>
    [HotPath]
    public void ReadEnded(int result)
    {
        owner.LeftRing();
        if (result == _payloadBytes && TryReply())
        {
            _payload = null;   // The reply owns it now.
            owner.Ended(this);
            return;
        }

        // A thread reads it again: it may wait for the client, and an error is told in the words of the plugin.
        owner.Replies.GiveBack(_payload!);
        _payload = null;
        owner.HandOver(this);
    }

    [HotPath]
    private bool TryReply()
    {
        if (owner.Replies.TryData(_request, _payload!))
            return true;
        owner.MakeRoom();
        return owner.Replies.TryData(_request, _payload!);
    }

    /// <summary>Starts the request; its reply is sent when the operation has ended.</summary>
    public void Start()
    {
        try
        {
            ValueTask<Errno> operation = Begin();
            _awaiter = operation.ConfigureAwait(false).GetAwaiter();
            if (_awaiter.IsCompleted)
                Complete();
            else
                _awaiter.UnsafeOnCompleted(_continuation ??= Complete);
        }
#pragma warning disable CA1031 // Whatever a unit throws must not take the server down.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Fail(exception);
        }
    }

    private ValueTask<Errno> Begin()
    {
        RequestFlags flags = RequestExecutor.FlagsOf(_request);
        switch (_request.Command)
        {
            case NbdCommand.Read:
                _payloadBytes = (int)_request.Length;
                _payload = owner.Replies.Rent(_payloadBytes);
                _payload.ForgetHoles();
                return owner.Chain.ReadAsync(_payload.PayloadMemory(_payloadBytes), _request.Offset);
            case NbdCommand.Write:
                return owner.Chain.WriteAsync(_payload!.PayloadMemory(_payloadBytes), _request.Offset, flags);
            case NbdCommand.Flush:
                return owner.Chain.FlushAsync();
            case NbdCommand.Trim:
                return owner.Chain.TrimAsync(_request.Length, _request.Offset, flags);
            case NbdCommand.WriteZeroes:
                return owner.Chain.ZeroAsync(_request.Length, _request.Offset, flags);
            case NbdCommand.Cache:
                return owner.Chain.CacheAsync(_request.Length, _request.Offset);
            default:
                _extents ??= new ExtentList(_request.Offset, _request.Length);
                _extents.Reset(_request.Offset, _request.Length);
                return owner.Chain.ExtentsAsync(_request.Length, _request.Offset, flags, _extents);
        }
    }

    // The thread may be one that others depend on: it does not wait for this request's client.
    private void Complete()
    {
        if (owner.HasRoomForReply())
        {
            End();
            return;
        }

        _isEnding = true;
        owner.HandOver(this);
    }

    private void End()
    {
        string? own = Log.Context;
        try
        {
            Log.Context = owner.LogContext;   // A unit may tell what went wrong when it hands the result over.
            Reply(_awaiter.GetResult());
            Log.Context = own;                // The thread may be any.
        }
#pragma warning disable CA1031 // Whatever a unit throws must not take the server down.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.Context = own;
            Fail(exception);
            return;
        }

        Finish();
    }

    private void Reply(Errno errno)
    {
        if (errno == Errno.Ok && _request.Command == NbdCommand.Read)
        {
            if (owner.MarksHoles)
                owner.Replies.DataAndHoles(_request, _payload!);
            else
                owner.Replies.Data(_request, _payload!);
            _payload = null;   // The reply owns it now.
        }
        else if (errno == Errno.Ok && _request.Command == NbdCommand.BlockStatus)
        {
            owner.Replies.Extents(_request, _extents!);
        }
        else
        {
            owner.Executor.Answer(_request, errno);
        }
    }

    private void Fail(Exception exception)
    {
        string? own = Log.Context;
        Log.Context = owner.LogContext;
        owner.Executor.Answer(
            _request,
            Log.Error(Errno.EIO, $"{WireName.Of(_request.Command)}: {exception.GetType().Name}: {exception.Message}"));
        Log.Context = own;   // The thread may be any.
        Finish();
    }

    [HotPath]
    private void Finish()
    {
        _awaiter = default;
        RequestBuffer? payload = _payload;
        _payload = null;
        if (payload != null)
            owner.Replies.GiveBack(payload);
        owner.Ended(this);
    }
}
