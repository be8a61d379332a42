// From what an export can to what is advertised of it. Not: what it can (Api/ExportInfo).

using NbdFast.Protocol;

namespace NbdFast.Handshake;

/// <summary>The transmission flags of an export.</summary>
internal static class TransmissionFlagsOf
{
    /// <summary>Nothing is advertised that would be refused: a read-only export has no trim, zero or FUA.</summary>
    /// <param name="info">The export as the outermost layer described it.</param>
    /// <param name="mode">The form of replies: unfragmented reads need structured ones.</param>
    /// <param name="hasAllocation">base:allocation was selected: with extended headers its requests may carry a
    /// payload.</param>
    public static TransmissionFlags Export(in ExportInfo info, ReplyMode mode, bool hasAllocation)
    {
        TransmissionFlags flags = TransmissionFlags.HasFlags;
        if (!info.CanWrite)
            flags |= TransmissionFlags.ReadOnly;
        else
            flags |= Writable(info);

        if (info.CanFlush)
            flags |= TransmissionFlags.SendFlush;
        if (info.Rotational)
            flags |= TransmissionFlags.Rotational;
        if (info.MultiConn)
            flags |= TransmissionFlags.CanMultiConn;
        if (info.Cache != CacheSupport.None)
            flags |= TransmissionFlags.SendCache;
        if (mode != ReplyMode.Simple)
            flags |= TransmissionFlags.SendDf;
        if (mode == ReplyMode.Extended && hasAllocation)
            flags |= TransmissionFlags.BlockStatusPayload;
        return flags;
    }

    private static TransmissionFlags Writable(in ExportInfo info)
    {
        TransmissionFlags flags = TransmissionFlags.None;
        if (info.CanTrim)
            flags |= TransmissionFlags.SendTrim;
        if (info.Fua != FuaSupport.None)
            flags |= TransmissionFlags.SendFua;
        if (info.Zero != ZeroSupport.None)
            flags |= TransmissionFlags.SendWriteZeroes;
        if (info.Zero != ZeroSupport.None && info.CanFastZero)
            flags |= TransmissionFlags.SendFastZero;
        return flags;
    }
}
