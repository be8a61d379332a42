// A logged connection: an entry before and one after each request. Not: the form of the entries (LogFile, LogScript).

using System;
using System.Text;
using System.Threading;

namespace NbdFast.Filters;

public sealed partial class LogFilter
{
    /// <summary>Logs requests. Entries of requests that run at once are mixed; the id tells them apart.</summary>
    public sealed class Connection<TNext>(LogFilter filter) : FilterConnection<TNext>
        where TNext : struct, INext
    {
        private readonly LogJournal? _journal = filter.Journal;
        private ulong _number;
        private ulong _lastId;

        /// <inheritdoc/>
        public override Errno Prepare()
        {
            if (_journal == null)
                return Errno.Ok;
            _number = Interlocked.Increment(ref filter._connections);
            _journal.Print(_number, "Connect"u8, Encoding.UTF8.GetBytes(LogText.Connect(Request, in Next.Info)));
            return Errno.Ok;
        }

        /// <inheritdoc/>
        public override Errno Finish()
        {
            if (_journal == null)
                return Errno.Ok;
            var fields = new LogFields(stackalloc byte[LogFields.EnoughBytes]);
            fields.Add("transactions"u8, _lastId);
            _journal.Print(_number, "Disconnect"u8, fields.Written);
            return Errno.Ok;
        }

        /// <inheritdoc/>
        [HotPath]
        public override Errno Read(Span<byte> buffer, ulong offset)
        {
            if (_journal == null)
                return Next.Read(buffer, offset);
            ulong id = Enter("Read"u8, (ulong)buffer.Length, offset, RequestFlags.None, RequestFlags.None);
            return Leave("Read"u8, id, Next.Read(buffer, offset));
        }

        /// <inheritdoc/>
        [HotPath]
        public override Errno Write(ReadOnlySpan<byte> data, ulong offset, RequestFlags flags)
        {
            if (_journal == null)
                return Next.Write(data, offset, flags);
            ulong id = Enter("Write"u8, (ulong)data.Length, offset, flags, RequestFlags.Fua);
            return Leave("Write"u8, id, Next.Write(data, offset, flags));
        }

        /// <inheritdoc/>
        [HotPath]
        public override Errno Flush()
        {
            if (_journal == null)
                return Next.Flush();
            ulong id = Enter("Flush"u8, default);
            return Leave("Flush"u8, id, Next.Flush());
        }

        /// <inheritdoc/>
        [HotPath]
        public override Errno Trim(ulong count, ulong offset, RequestFlags flags)
        {
            if (_journal == null)
                return Next.Trim(count, offset, flags);
            ulong id = Enter("Trim"u8, count, offset, flags, RequestFlags.Fua);
            return Leave("Trim"u8, id, Next.Trim(count, offset, flags));
        }

        /// <inheritdoc/>
        [HotPath]
        public override Errno Zero(ulong count, ulong offset, RequestFlags flags)
        {
            if (_journal == null)
                return Next.Zero(count, offset, flags);
            const RequestFlags Shown = RequestFlags.MayTrim | RequestFlags.Fua | RequestFlags.FastZero;
            ulong id = Enter("Zero"u8, count, offset, flags, Shown);
            return Leave("Zero"u8, id, Next.Zero(count, offset, flags));
        }

        /// <inheritdoc/>
        public override Errno Extents(ulong count, ulong offset, RequestFlags flags, ExtentList extents)
        {
            if (_journal == null)
                return Next.Extents(count, offset, flags, extents);
            ulong id = Enter("Extents"u8, count, offset, flags, RequestFlags.ReqOne);
            Errno errno = Next.Extents(count, offset, flags, extents);
            string found = errno == Errno.Ok ? LogText.Extents(extents, offset) : "";
            _journal.Leave(_number, "Extents"u8, id, errno, Encoding.UTF8.GetBytes(found));
            return errno;
        }

        /// <inheritdoc/>
        [HotPath]
        public override Errno Cache(ulong count, ulong offset)
        {
            if (_journal == null)
                return Next.Cache(count, offset);
            ulong id = Enter("Cache"u8, count, offset, RequestFlags.None, RequestFlags.None);
            return Leave("Cache"u8, id, Next.Cache(count, offset));
        }

        /// <summary>Nothing is lent while reads are logged, for a loan has no moment at which it is read.</summary>
        public override Loan Lend(uint count, ulong offset, bool wantHoles) =>
            _journal == null ? Next.Lend(count, offset, wantHoles) : Loan.None;

        /// <summary>Nor for writing.</summary>
        public override Loan LendForWrite(uint count, ulong offset) =>
            _journal == null ? Next.LendForWrite(count, offset) : Loan.None;

        /// <inheritdoc/>
        public override void Written(uint count, ulong offset) => Next.Written(count, offset);

        private ulong Enter(
            ReadOnlySpan<byte> action, ulong count, ulong offset, RequestFlags flags, RequestFlags shown)
        {
            var fields = new LogFields(stackalloc byte[LogFields.EnoughBytes]);
            fields.AddHex("offset"u8, offset);
            fields.AddHex("count"u8, count);
            if ((shown & RequestFlags.MayTrim) != 0)
                fields.AddFlag("trim"u8, flags, RequestFlags.MayTrim);
            if ((shown & RequestFlags.Fua) != 0)
                fields.AddFlag("fua"u8, flags, RequestFlags.Fua);
            if ((shown & RequestFlags.FastZero) != 0)
                fields.AddFlag("fast"u8, flags, RequestFlags.FastZero);
            if ((shown & RequestFlags.ReqOne) != 0)
                fields.AddFlag("req_one"u8, flags, RequestFlags.ReqOne);
            return Enter(action, fields.Written);
        }

        private ulong Enter(ReadOnlySpan<byte> action, ReadOnlySpan<byte> fields)
        {
            ulong id = Interlocked.Increment(ref _lastId);
            _journal!.Enter(_number, action, id, fields);
            return id;
        }

        private Errno Leave(ReadOnlySpan<byte> action, ulong id, Errno result)
        {
            _journal!.Leave(_number, action, id, result);
            return result;
        }
    }
}
