// Runs one request through the chain and replies. Not: on which thread (RequestLoop), whether it is allowed
// (Protocol/RequestRules), reading from where bytes lie (LoanReader).

using System;
using NbdFast.Buffers;
using NbdFast.Chain;
using NbdFast.Protocol;

namespace NbdFast.Server;

/// <summary>Serves allowed requests of one connection, on whichever thread calls.</summary>
internal sealed class RequestExecutor(ChainNext chain, ReplyWriter replies, ReplyMode mode)
{
    private readonly LoanReader _loans = new(chain, replies, mode);

    /// <summary>Lent files can be read without waiting, as far as is known.</summary>
    public bool ReadsNow => _loans.ReadsNow;

    /// <summary>Serves a request to its reply. An exception that escapes a unit costs that request an EIO and nothing
    /// else.</summary>
    /// <param name="request">An allowed request.</param>
    /// <param name="payload">The data of a write.</param>
    /// <param name="extents">A list to use for block status, made at the first use.</param>
    /// <param name="mayWait">The thread may wait for a disk. Otherwise a request of which it is known beforehand that
    /// it would is not served.</param>
    /// <returns>False if the request was not served.</returns>
    [HotPath]
    public bool Execute(
        in RequestHeader request, ReadOnlySpan<byte> payload, ref ExtentList? extents, bool mayWait)
    {
        Log.ForgetLastError();   // Of another request, perhaps of another client, that succeeded nevertheless.
        try
        {
            if (request.Command == NbdCommand.Read)
                return Read(request, mayWait);
            if (request.Command == NbdCommand.BlockStatus)
                FindExtents(request, extents ??= new ExtentList(request.Offset, request.Length));
            else
                Answer(request, Change(request, payload));
        }
#pragma warning disable CA1031 // Whatever a unit throws must not take the server down.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Errno errno = exception is OutOfMemoryException ? Errno.ENOMEM : Errno.EIO;
            string name = WireName.Of(request.Command);
            Answer(request, Log.Error(errno, $"{name}: {exception.GetType().Name}: {exception.Message}"));
        }

        return true;
    }

    /// <summary>Replies to a request without data.</summary>
    [HotPath]
    public void Answer(in RequestHeader request, Errno errno)
    {
        if (errno == Errno.Ok)
            replies.Success(request);
        else
            replies.Error(request, errno, Log.TakeLastError());
    }

    /// <summary>Replies to writes that were written together; where that failed, writes each as it would have been.
    /// </summary>
    /// <param name="requests">The writes.</param>
    /// <param name="received">Their headers and data, as they were received.</param>
    /// <param name="headerBytes">The length of a header.</param>
    /// <param name="areWritten">All of it is written.</param>
    [HotPath]
    public void Answer(
        ReadOnlySpan<RequestHeader> requests, ReadOnlySpan<byte> received, int headerBytes, bool areWritten)
    {
        ExtentList? extents = null;   // A write has none.
        foreach (ref readonly RequestHeader request in requests)
        {
            int length = (int)request.Length;
            if (areWritten)
                replies.Success(request);
            else
                Execute(request, received.Slice(headerBytes, length), ref extents, mayWait: true);
            received = received[(headerBytes + length)..];
        }
    }

    /// <summary>The flags that the chain gets with a request.</summary>
    [HotPath]
    public static RequestFlags FlagsOf(in RequestHeader request)
    {
        RequestFlags flags = RequestFlags.None;
        if ((request.Flags & CommandFlags.Fua) != 0 && request.Command != NbdCommand.BlockStatus)
            flags |= RequestFlags.Fua;
        if (request.Command == NbdCommand.WriteZeroes && (request.Flags & CommandFlags.NoHole) == 0)
            flags |= RequestFlags.MayTrim;
        if ((request.Flags & CommandFlags.FastZero) != 0)
            flags |= RequestFlags.FastZero;
        if ((request.Flags & CommandFlags.ReqOne) != 0)
            flags |= RequestFlags.ReqOne;
        return flags;
    }

    [HotPath]
    private Errno Change(in RequestHeader request, ReadOnlySpan<byte> payload) => request.Command switch
    {
        NbdCommand.Write => chain.Write(payload, request.Offset, FlagsOf(request)),
        NbdCommand.Flush => chain.Flush(),
        NbdCommand.Trim => chain.Trim(request.Length, request.Offset, FlagsOf(request)),
        NbdCommand.WriteZeroes => chain.Zero(request.Length, request.Offset, FlagsOf(request)),
        NbdCommand.Cache => chain.Cache(request.Length, request.Offset),
        _ => Errno.EINVAL,
    };

    [HotPath]
    private bool Read(in RequestHeader request, bool mayWait)
    {
        LoanReader.Answer answer = _loans.TryServe(request, mayWait);
        if (answer != LoanReader.Answer.NoLoan)
            return answer == LoanReader.Answer.Served;

        RequestBuffer buffer = replies.Rent((int)request.Length);
        bool handedOn = false;
        try
        {
            Errno errno = chain.Read(buffer.Payload((int)request.Length), request.Offset);
            if (errno == Errno.Ok)
            {
                handedOn = true;
                replies.Data(request, buffer);
                return true;
            }

            replies.Error(request, errno, Log.TakeLastError());
            return true;
        }
        finally
        {
            if (!handedOn)
                replies.GiveBack(buffer);
        }
    }

    [HotPath]
    private void FindExtents(in RequestHeader request, ExtentList extents)
    {
        extents.Reset(request.Offset, request.Length);
        Errno errno = chain.Extents(request.Length, request.Offset, FlagsOf(request), extents);
        if (errno == Errno.Ok && extents.Count == 0)
            errno = Log.Error(Errno.EINVAL, $"extents: the plugin found none");
        if (errno == Errno.Ok)
            replies.Extents(request, extents);
        else
            replies.Error(request, errno, Log.TakeLastError());
    }
}
