// Receives the replies of a server and hands each to whoever waits for it. Not: the chunks of structured replies
// (ReplyReader.Chunks), sending (RequestSender).

using System;
using System.Buffers.Binary;
using NbdFast.Native;
using NbdFast.Protocol;
using NbdFast.Transport;

namespace NbdFast.Client;

/// <summary>
/// One thread receives, as much as is there in one call, and goes through the replies; the data of large reads is
/// received straight to its place. What the askers then send goes in one call before the thread waits again. A server
/// that breaks the protocol in any way loses the connection.
/// </summary>
internal sealed partial class ReplyReader(IWire wire, ReceiveBuffer input, RequestTable table, ExportTerms terms)
{
    // Larger data that is not there yet is received straight to its place, and nothing else with it.
    private const uint LargeBytes = 32 << 10;

    private readonly bool _extended = terms.Mode == ReplyMode.Extended;
    private readonly int _chunkBytes = ReplyHeader.ChunkBytes(terms.Mode);
    private string? _fault;

    /// <summary>Goes on until the connection ends.</summary>
    /// <returns>Why it has ended.</returns>
    public string Run()
    {
        using (Burst.Begin())
        {
            bool goesOn;
            do
                goesOn = ReadReply();
            while (goesOn);
        }

        return _fault ?? "the server closed the connection";
    }

    [HotPath]
    private bool ReadReply()
    {
        if (!Need(sizeof(uint)))
            return false;
        uint magic = BinaryPrimitives.ReadUInt32BigEndian(input.Available);
        return magic switch
        {
            Nbd.SimpleReplyMagic when !_extended => ReadSimple(),
            Nbd.StructuredReplyMagic when terms.Mode == ReplyMode.Structured => ReadChunk(),
            Nbd.ExtendedReplyMagic when _extended => ReadChunk(),
            _ => Broken("the magic number of a reply is wrong"),
        };
    }

    [HotPath]
    private bool ReadSimple()
    {
        if (!Need(Nbd.SimpleReplyBytes))
            return false;
        ReadOnlySpan<byte> header = input.Available;
        uint error = BinaryPrimitives.ReadUInt32BigEndian(header[4..]);
        PendingRequest? request = table.Find(BinaryPrimitives.ReadUInt64BigEndian(header[8..]));
        if (request == null)
            return Broken("a reply has no request");
        input.Consume(Nbd.SimpleReplyBytes);
        bool mustBeStructured = terms.Mode == ReplyMode.Structured
            && request.Header.Command is NbdCommand.Read or NbdCommand.BlockStatus;
        if (mustBeStructured && (error == 0 || request.Header.Command == NbdCommand.Read))
            return Broken("a simple reply came where a structured one must be");
        if (error != 0)
            request.Error = NbdErrorMap.FromWire(error);
        else if (request.Header.Command == NbdCommand.Read && !Fill(request, 0, (uint)request.Header.Length))
            return false;
        End(request);
        return true;
    }

    // The data of a read, from the stream to its place.
    [HotPath]
    private bool Fill(PendingRequest request, uint start, uint length)
    {
        input.ExpectsPayload = length > LargeBytes;
        Span<byte> target = NativeBuffer.At(request.Address + (nint)start, (int)length);
        target = target[input.MoveTo(target)..];
        while (target.Length > 0)
        {
            Burst.SendNow();
            nint received = input.ReceiveBehind(wire, target, wait: true);
            if (received <= 0)
                return Lost(received);
            target = target[(int)Math.Min(received, target.Length)..];
        }

        return true;
    }

    [HotPath]
    private void End(PendingRequest request)
    {
        if (request.Error != Errno.Ok)
            Tell(request);
        Errno errno = request.Error;
        if (table.Answer(request))
            request.Complete(errno);
    }

    // In the asker's name, whose reply takes the text along.
    private static void Tell(PendingRequest request)
    {
        string? own = Log.Context;
        Log.Context = request.LogContext;
        bool isAnswer = request.Header is { Command: NbdCommand.WriteZeroes } header
            && (header.Flags & CommandFlags.FastZero) != 0 && request.Error == Errno.ENOTSUP;
        if (isAnswer)   // It is what was asked, and no failure.
            Log.ForgetLastError();
        else
            Log.Error(request.Error, $"{WireName.Of(request.Header.Command)}: the server: {request.Error.Text()}");
        Log.Context = own;
    }

    // Waits for bytes; what was put off goes before that.
    [HotPath]
    private bool Need(int count)
    {
        while (input.Count < count)
        {
            Burst.SendNow();
            nint received = input.Receive(wire, wait: true);
            if (received <= 0)
                return Lost(received);
        }

        return true;
    }

    private bool Lost(nint received)
    {
        if (received < 0)
            _fault = $"the connection to the server is lost: {((Errno)(-received)).Text()}";
        return false;
    }

    private bool Broken(string how)
    {
        _fault = $"the server breaks the protocol: {how}";
        return false;
    }
}
