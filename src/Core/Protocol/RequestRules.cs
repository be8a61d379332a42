// Which requests are allowed on an export, and with which error the others are refused. Not: serving them.

namespace NbdFast.Protocol;

/// <summary>What the rules need to know about a connection; fixed when transmission begins.</summary>
/// <param name="Size">The export's size in bytes.</param>
/// <param name="Flags">What was advertised.</param>
/// <param name="Mode">The negotiated form of replies.</param>
/// <param name="HasAllocation">The meta context base:allocation was selected.</param>
internal readonly record struct TransmissionTerms(
    ulong Size, TransmissionFlags Flags, ReplyMode Mode, bool HasAllocation)
{
    public bool Has(TransmissionFlags flag) => (Flags & flag) != 0;
}

/// <summary>
/// The rules of the protocol's "Transmission phase" and "Error values", with nbdkit's choice of error where the
/// protocol leaves one: past the end ENOSPC for writes and EINVAL otherwise, longer than the largest request ENOMEM,
/// read-only EPERM.
/// </summary>
internal static class RequestRules
{
    /// <summary>Judges a request.</summary>
    /// <param name="header">The request. For a block status with payload its length is that of the effect.</param>
    /// <param name="terms">The connection's.</param>
    /// <param name="reason">Why it is refused, else "".</param>
    [HotPath]
    public static Errno Check(in RequestHeader header, in TransmissionTerms terms, out string reason)
    {
        reason = "";
        switch (header.Command)
        {
            case NbdCommand.Read:
                return CheckFlags(header, terms, CommandFlags.Df, ref reason)
                    ?? CheckRange(header, terms, ref reason)
                    ?? CheckLength(header, ref reason) ?? Errno.Ok;
            case NbdCommand.Write:
                return CheckWritable(terms, ref reason)
                    ?? CheckFlags(header, terms, CommandFlags.PayloadLength, ref reason)
                    ?? CheckLength(header, ref reason)
                    ?? CheckRange(header, terms, ref reason) ?? Errno.Ok;
            case NbdCommand.Flush:
                return CheckAdvertised(terms, TransmissionFlags.SendFlush, ref reason)
                    ?? CheckFlags(header, terms, CommandFlags.None, ref reason)
                    ?? CheckFlush(header, ref reason) ?? Errno.Ok;
            case NbdCommand.Trim:
                return CheckWritable(terms, ref reason)
                    ?? CheckAdvertised(terms, TransmissionFlags.SendTrim, ref reason)
                    ?? CheckFlags(header, terms, CommandFlags.None, ref reason)
                    ?? CheckRange(header, terms, ref reason) ?? Errno.Ok;
            case NbdCommand.Cache:
                return CheckAdvertised(terms, TransmissionFlags.SendCache, ref reason)
                    ?? CheckFlags(header, terms, CommandFlags.None, ref reason)
                    ?? CheckRange(header, terms, ref reason) ?? Errno.Ok;
            case NbdCommand.WriteZeroes:
                return CheckWritable(terms, ref reason)
                    ?? CheckAdvertised(terms, TransmissionFlags.SendWriteZeroes, ref reason)
                    ?? CheckFlags(header, terms, CommandFlags.NoHole | CommandFlags.FastZero, ref reason)
                    ?? CheckRange(header, terms, ref reason) ?? Errno.Ok;
            case NbdCommand.BlockStatus:
                return CheckContext(terms, ref reason)
                    ?? CheckFlags(header, terms, CommandFlags.ReqOne | CommandFlags.PayloadLength, ref reason)
                    ?? CheckRange(header, terms, ref reason) ?? Errno.Ok;
            default:
                reason = "unknown command";
                return Errno.EINVAL;
        }
    }

    [HotPath]
    private static Errno? CheckFlags(
        in RequestHeader header, in TransmissionTerms terms, CommandFlags allowed, ref string reason)
    {
        CommandFlags flags = header.Flags;
        if ((flags & CommandFlags.Fua) != 0 && terms.Has(TransmissionFlags.SendFua))
            flags &= ~CommandFlags.Fua;   // Allowed with every command; it means nothing for those that do not write.
        if ((flags & CommandFlags.Df) != 0 && !terms.Has(TransmissionFlags.SendDf))
            return Refuse(Errno.EINVAL, "the flag DF was not advertised", ref reason);
        if ((flags & CommandFlags.FastZero) != 0 && !terms.Has(TransmissionFlags.SendFastZero))
            return Refuse(Errno.EINVAL, "the flag FAST_ZERO was not advertised", ref reason);
        if (terms.Mode != ReplyMode.Extended)
            allowed &= ~CommandFlags.PayloadLength;
        return (flags & ~allowed) == 0 ? null : Refuse(Errno.EINVAL, "a flag is not allowed here", ref reason);
    }

    [HotPath]
    private static Errno? CheckRange(in RequestHeader header, in TransmissionTerms terms, ref string reason)
    {
        if (header.Length == 0)
            return Refuse(Errno.EINVAL, "the request is empty", ref reason);
        if (header.Offset <= terms.Size && header.Length <= terms.Size - header.Offset)
            return null;
        bool writes = header.Command is NbdCommand.Write or NbdCommand.WriteZeroes;
        Errno errno = writes ? Errno.ENOSPC : Errno.EINVAL;
        return Refuse(errno, "offset and count are out of range", ref reason);
    }

    [HotPath]
    private static Errno? CheckLength(in RequestHeader header, ref string reason) =>
        header.Length <= Nbd.MaximumRequestBytes
            ? null
            : Refuse(Errno.ENOMEM, "the request is longer than 64 MiB", ref reason);

    [HotPath]
    private static Errno? CheckFlush(in RequestHeader header, ref string reason) =>
        header.Offset == 0 && header.Length == 0
            ? null
            : Refuse(Errno.EINVAL, "a flush has neither offset nor length", ref reason);

    [HotPath]
    private static Errno? CheckWritable(in TransmissionTerms terms, ref string reason) =>
        terms.Has(TransmissionFlags.ReadOnly)
            ? Refuse(Errno.EPERM, "write request on readonly connection", ref reason)
            : null;

    [HotPath]
    private static Errno? CheckAdvertised(in TransmissionTerms terms, TransmissionFlags flag, ref string reason) =>
        terms.Has(flag) ? null : Refuse(Errno.EINVAL, "the command was not advertised", ref reason);

    [HotPath]
    private static Errno? CheckContext(in TransmissionTerms terms, ref string reason) =>
        terms.HasAllocation ? null : Refuse(Errno.EINVAL, "no meta context was selected", ref reason);

    private static Errno? Refuse(Errno errno, string why, ref string reason)
    {
        reason = why;
        return errno;
    }
}
