// The requests to an export. Not: the connection (RemoteExport).

using System;
using System.Threading.Tasks;
using NbdFast.Protocol;

namespace NbdFast.Client;

public sealed partial class RemoteExport
{
    /// <summary>Reads.</summary>
    /// <param name="buffer">What to fill; not to be touched before the end. Not empty.</param>
    /// <param name="offset">The position of the first byte.</param>
    [HotPath]
    public ValueTask<Errno> ReadAsync(Memory<byte> buffer, ulong offset)
    {
        if ((uint)buffer.Length > LargestData)
            return ReadPiecesAsync(buffer, offset);
        PendingRequest request = _table.Rent();
        request.Load(NbdCommand.Read, CommandFlags.None, offset, (ulong)buffer.Length);
        request.Use(buffer);
        return Send(request);
    }

    /// <summary>Writes.</summary>
    /// <param name="data">The bytes; not to be touched before the end. Not empty.</param>
    /// <param name="offset">The position of the first byte.</param>
    /// <param name="flags"><see cref="RequestFlags.Fua"/> if the export has it, or none.</param>
    [HotPath]
    public ValueTask<Errno> WriteAsync(ReadOnlyMemory<byte> data, ulong offset, RequestFlags flags)
    {
        if ((uint)data.Length > LargestData)
            return WritePiecesAsync(data, offset, flags);
        CommandFlags wire = FlagsOf(flags);
        if (_terms.Mode == ReplyMode.Extended)
            wire |= CommandFlags.PayloadLength;
        PendingRequest request = _table.Rent();
        request.Load(NbdCommand.Write, wire, offset, (ulong)data.Length);
        request.Use(data);
        return Send(request);
    }

    /// <summary>Brings every write that was answered before to stable storage.</summary>
    [HotPath]
    public ValueTask<Errno> FlushAsync() => Send(NbdCommand.Flush, CommandFlags.None, 0, 0);

    /// <summary>Says that the range is not needed any more.</summary>
    [HotPath]
    public ValueTask<Errno> TrimAsync(ulong count, ulong offset, RequestFlags flags) =>
        SendEffect(NbdCommand.Trim, FlagsOf(flags), offset, count);

    /// <summary>Makes the range read as zeroes.</summary>
    [HotPath]
    public ValueTask<Errno> ZeroAsync(ulong count, ulong offset, RequestFlags flags)
    {
        CommandFlags wire = FlagsOf(flags);
        if ((flags & RequestFlags.MayTrim) == 0)
            wire |= CommandFlags.NoHole;
        if ((flags & RequestFlags.FastZero) != 0)
            wire |= CommandFlags.FastZero;
        return SendEffect(NbdCommand.WriteZeroes, wire, offset, count);
    }

    /// <summary>Gets the range ready for reads to come.</summary>
    [HotPath]
    public ValueTask<Errno> CacheAsync(ulong count, ulong offset) =>
        SendEffect(NbdCommand.Cache, CommandFlags.None, offset, count);

    /// <summary>Says what of the range is allocated; of a long range perhaps of its beginning only.</summary>
    /// <param name="count">Bytes.</param>
    /// <param name="offset">The position of the first byte.</param>
    /// <param name="flags"><see cref="RequestFlags.ReqOne"/> or none.</param>
    /// <param name="extents">Where to add them.</param>
    [HotPath]
    public ValueTask<Errno> ExtentsAsync(ulong count, ulong offset, RequestFlags flags, ExtentList extents)
    {
        CommandFlags wire = (flags & RequestFlags.ReqOne) != 0 ? CommandFlags.ReqOne : CommandFlags.None;
        PendingRequest request = _table.Rent();
        request.Load(NbdCommand.BlockStatus, wire, offset, Math.Min(count, LargestEffect));
        request.Use(extents);
        return Send(request);
    }

    [HotPath]
    private static CommandFlags FlagsOf(RequestFlags flags) =>
        (flags & RequestFlags.Fua) != 0 ? CommandFlags.Fua : CommandFlags.None;

    [HotPath]
    private ValueTask<Errno> SendEffect(NbdCommand command, CommandFlags flags, ulong offset, ulong count) =>
        count <= LargestEffect ? Send(command, flags, offset, count) : SendPiecesAsync(command, flags, offset, count);

    [HotPath]
    private ValueTask<Errno> Send(NbdCommand command, CommandFlags flags, ulong offset, ulong count)
    {
        PendingRequest request = _table.Rent();
        request.Load(command, flags, offset, count);
        return Send(request);
    }

    [HotPath]
    private ValueTask<Errno> Send(PendingRequest request)
    {
        ValueTask<Errno> task = request.Task;
        if (!_sender.Send(request))
            request.Complete(Gone());
        return task;
    }

    private static Errno Gone() => Log.Error(Errno.ESHUTDOWN, $"the connection to the server has ended");

    // In order, and each after the one before: rare, and so simple.
    private async ValueTask<Errno> ReadPiecesAsync(Memory<byte> buffer, ulong offset)
    {
        Errno errno = Errno.Ok;
        while (buffer.Length > 0 && errno == Errno.Ok)
        {
            int piece = (int)Math.Min(LargestData, (uint)buffer.Length);
            errno = await ReadAsync(buffer[..piece], offset).ConfigureAwait(false);
            buffer = buffer[piece..];
            offset += (uint)piece;
        }

        return errno;
    }

    private async ValueTask<Errno> WritePiecesAsync(ReadOnlyMemory<byte> data, ulong offset, RequestFlags flags)
    {
        Errno errno = Errno.Ok;
        while (data.Length > 0 && errno == Errno.Ok)
        {
            int piece = (int)Math.Min(LargestData, (uint)data.Length);
            errno = await WriteAsync(data[..piece], offset, flags).ConfigureAwait(false);
            data = data[piece..];
            offset += (uint)piece;
        }

        return errno;
    }

    private async ValueTask<Errno> SendPiecesAsync(
        NbdCommand command, CommandFlags flags, ulong offset, ulong count)
    {
        Errno errno = Errno.Ok;
        while (count > 0 && errno == Errno.Ok)
        {
            ulong piece = Math.Min(count, LargestEffect);
            errno = await Send(command, flags, offset, piece).ConfigureAwait(false);
            count -= piece;
            offset += piece;
        }

        return errno;
    }
}
