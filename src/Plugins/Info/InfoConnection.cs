// Requests to an info disk: bytes that stay the same, or a clock. Not: which of them (InfoPlugin).

using System;
using System.Buffers.Binary;

namespace NbdFast.Plugins.Info;

/// <summary>What one client is told.</summary>
public sealed class InfoConnection : Link
{
    // Seconds in 64 bits, microseconds in 32, both with the highest byte first.
    private const int ClockBytes = sizeof(ulong) + sizeof(uint);

    private readonly byte[] _text;
    private readonly Func<TimeSpan>? _clock;
    private readonly bool _isTheSameForAll;

    private InfoConnection(byte[] text, Func<TimeSpan>? clock, bool isTheSameForAll)
    {
        _text = text;
        _clock = clock;
        _isTheSameForAll = isTheSameForAll;
    }

    /// <summary>A disk of bytes.</summary>
    /// <param name="text">The bytes.</param>
    /// <param name="isTheSameForAll">Other connections to the same export are told the same.</param>
    internal static InfoConnection OfText(byte[] text, bool isTheSameForAll) => new(text, null, isTheSameForAll);

    /// <summary>A disk that tells a time.</summary>
    /// <param name="clock">Asked for each read.</param>
    internal static InfoConnection OfClock(Func<TimeSpan> clock) => new([], clock, isTheSameForAll: false);

    /// <inheritdoc/>
    public override Errno Describe(ref ExportInfo info)
    {
        info.Size = (ulong)(_clock == null ? _text.Length : ClockBytes);
        info.MultiConn = _isTheSameForAll;
        info.Cache = CacheSupport.Native;
        return Errno.Ok;
    }

    /// <inheritdoc/>
    [HotPath]
    public override Errno Read(Span<byte> buffer, ulong offset)
    {
        if (_clock == null)
        {
            _text.AsSpan((int)offset, buffer.Length).CopyTo(buffer);
            return Errno.Ok;
        }

        Span<byte> now = stackalloc byte[ClockBytes];
        long ticks = _clock().Ticks;
        BinaryPrimitives.WriteInt64BigEndian(now, ticks / TimeSpan.TicksPerSecond);
        long microseconds = ticks % TimeSpan.TicksPerSecond / TimeSpan.TicksPerMicrosecond;
        BinaryPrimitives.WriteUInt32BigEndian(now[sizeof(ulong)..], (uint)microseconds);
        now.Slice((int)offset, buffer.Length).CopyTo(buffer);
        return Errno.Ok;
    }
}
