// A wire whose client needs no thread: it says its script and counts the replies. Not: one with two ends (MemoryWire),
// which would measure how threads wake each other.

using System;
using System.Buffers.Binary;
using System.IO;
using System.Threading;
using NbdFast.Native;
using NbdFast.Testing;
using NbdFast.Transport;

namespace NbdFast.Bench.Loop;

/// <summary>
/// A client that keeps a number of requests under way. One request tells how long a reply is, some warm up, and then it
/// measures from the first request to the last reply. What is lent to it is not looked at, as a socket would: what is
/// measured is the server without the kernel.
/// </summary>
internal sealed class ReplayWire(RequestScript script, int depth) : IWire
{
    private const int WarmUp = 2000;
    private const int LeastMeasured = 1000;
    private const int MostMeasured = 1_000_000;
    private const int AckBytes = 20;

    private static readonly TimeSpan RunTime = TimeSpan.FromMilliseconds(40);

    private readonly object _lock = new();
    private readonly byte[] _beginning = new byte[64];   // Of what was sent last, while it is looked at.
    private readonly byte[] _handshakeReplies = new byte[64 << 10];
    private int _handshakeSaid;
    private int _handshakeHeard;
    private Phase _phase;
    private long _said;          // Bytes of requests.
    private long _heard;         // Bytes of replies.
    private long _replyBytes = long.MaxValue;
    private long _allowed;       // Requests up to the end of the phase.
    private Meter _meter;

    private enum Phase
    {
        Handshake,
        Probe,
        WarmUp,
        Run,
        End,
    }

    /// <summary>The costs of a request, once the connection has ended.</summary>
    /// <exception cref="InvalidDataException">It ended too early.</exception>
    public Measurement Result
    {
        get => _phase == Phase.End ? field : throw new InvalidDataException($"the server left in phase {_phase}");
        private set;
    }

    public int Descriptor => -1;

    public bool SendsFiles => false;

    private long Replies => _heard / _replyBytes;

    public nint Receive(Span<byte> buffer) => Receive(buffer, wait: true);

    public nint ReceiveNow(Span<byte> buffer) => Receive(buffer, wait: false);

    public nint Receive(Span<byte> first, Span<byte> second)
    {
        // A second call could wait; a short receive is as good.
        return Receive(first.IsEmpty ? second : first);
    }

    public nint SendNow(GatherList list) => Send(list, more: false);

    public nint SendFile(int file, ulong offset, long count) => -(nint)Errno.ENOTSUP;

    public nint Send(GatherList list, bool more)
    {
        lock (_lock)
        {
            if (_phase == Phase.Handshake)
            {
                _handshakeHeard += list.CopyTo(_handshakeReplies.AsSpan(_handshakeHeard));
                return (nint)list.Bytes;
            }

            if (_phase != Phase.Run)
                CheckReply(list);
            _heard += list.Bytes;
            if (_phase == Phase.Probe)
                _replyBytes = _heard;
            Monitor.Pulse(_lock);
            return (nint)list.Bytes;
        }
    }

    public void StopReceiving()
    {
    }

    public void Abort()
    {
    }

    public void Close()
    {
    }

    private nint Receive(Span<byte> buffer, bool wait)
    {
        lock (_lock)
        {
            if (_handshakeSaid < script.Handshake.Length)
                return SayHandshake(buffer);
            while (true)
            {
                long end = Math.Min(_allowed, Replies + depth) * script.RequestBytes;
                if (_said < end)
                    return Say(buffer[..(int)Math.Min(buffer.Length, end - _said)]);
                bool isAnswered = _phase == Phase.Handshake || _heard >= _allowed * Math.Min(_replyBytes, int.MaxValue);
                if (isAnswered && !Advance())
                    return 0;
                if (!isAnswered && !wait)
                    return -(nint)Errno.EAGAIN;
                if (!isAnswered)
                    Monitor.Wait(_lock);
            }
        }
    }

    private int SayHandshake(Span<byte> buffer)
    {
        int count = Math.Min(buffer.Length, script.Handshake.Length - _handshakeSaid);
        script.Handshake.AsSpan(_handshakeSaid, count).CopyTo(buffer);
        _handshakeSaid += count;
        return count;
    }

    private int Say(Span<byte> buffer)
    {
        int at = (int)(_said % script.Round.Length);
        int first = Math.Min(buffer.Length, script.Round.Length - at);
        script.Round.AsSpan(at, first).CopyTo(buffer);
        script.Round.AsSpan(0, buffer.Length - first).CopyTo(buffer[first..]);
        _said += buffer.Length;
        return buffer.Length;
    }

    // The phase's replies are all there.
    private bool Advance()
    {
        switch (_phase)
        {
            case Phase.Handshake:
                CheckHandshake();
                _allowed = 1;
                break;
            case Phase.Probe:
                _allowed += WarmUp;
                _meter = Meter.Begin();
                break;
            case Phase.WarmUp:
                double share = RunTime / _meter.Elapsed;
                _allowed += Math.Clamp((long)(WarmUp * share), LeastMeasured, MostMeasured);
                _meter = Meter.Begin();
                break;
            default:
                Result = _meter.End(_allowed - WarmUp - 1);
                if (_heard != _allowed * _replyBytes)
                    throw new InvalidDataException("the replies are not all of the same length");
                _phase = Phase.End;
                return false;
        }

        _phase++;
        return true;
    }

    private void CheckHandshake()
    {
        ReadOnlySpan<byte> all = _handshakeReplies.AsSpan(0, _handshakeHeard);
        bool agreed = all.Length >= AckBytes
            && BinaryPrimitives.ReadUInt32BigEndian(all[^12..]) == NbdWire.OptGo
            && BinaryPrimitives.ReadUInt32BigEndian(all[^8..]) == NbdWire.ReplyAck;
        if (!agreed)
            throw new InvalidDataException("the server did not agree to serve");
    }

    // A simple reply has its error behind the magic number, a chunk its type, in which errors have a bit.
    private void CheckReply(GatherList list)
    {
        list.CopyTo(_beginning);
        uint second = BinaryPrimitives.ReadUInt32BigEndian(_beginning.AsSpan(4));
        bool good = BinaryPrimitives.ReadUInt32BigEndian(_beginning) == NbdWire.SimpleReplyMagic
            ? second == 0
            : (second & NbdWire.ChunkErrorBit) == 0;
        if (!good)
            throw new InvalidDataException("a request failed");
    }
}
