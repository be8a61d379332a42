// The delay filter: makes requests wait. Not: a limit of bandwidth (rate), a model of a spinning disk (spinning).

using System;
using NbdFast.Values;

namespace NbdFast.Filters;

/// <summary>Delays requests, each kind by its own time, always or while <c>delay-trigger</c> exists
/// (nbdkit-delay-filter(1)).</summary>
[NbdFilter("delay", "nbdkit delay filter")]
public sealed partial class DelayFilter : Filter
{
    private TriggerFile? _trigger;

    /// <summary>The older name of <see cref="Read"/>.</summary>
    [NbdParameter("rdelay", ValueName = "DELAY", Help = "Read delay, as 1.5, 100ms, 20us.")]
    public Delay ReadByOlderName
    {
        get => Read;
        private set => Read = value;
    }

    /// <summary>How long reads wait. Default of this and all others: not at all.</summary>
    [NbdParameter("delay-read", ValueName = "DELAY", Help = "Read delay.")]
    public Delay Read { get; private set; }

    /// <summary>How long writes wait.</summary>
    [NbdParameter("delay-write", ValueName = "DELAY", Help = "Write delay.")]
    public Delay Write { get; private set; }

    /// <summary>How long zero requests wait.</summary>
    [NbdParameter("delay-zero", ValueName = "DELAY", Help = "Zero delay.")]
    public Delay Zero { get; private set; }

    /// <summary>How long trims wait.</summary>
    [NbdParameter("delay-trim", ValueName = "DELAY", Help = "Trim delay.")]
    public Delay Trim { get; private set; }

    /// <summary>How long extent requests wait.</summary>
    [NbdParameter("delay-extents", ValueName = "DELAY", Help = "Extents delay.")]
    public Delay Extents { get; private set; }

    /// <summary>How long cache requests wait.</summary>
    [NbdParameter("delay-cache", ValueName = "DELAY", Help = "Cache delay.")]
    public Delay Cache { get; private set; }

    /// <summary>Sets the delays of writes, zero requests and trims together.</summary>
    [NbdParameter("wdelay", ValueName = "DELAY", Help = "Write, zero and trim delay.")]
    public Delay AllWrites
    {
        get => Write;
        private set => Write = Zero = Trim = value;
    }

    /// <summary>Fast zero requests are delayed and passed on as any zero request; if false, they fail at once. Default:
    /// true.</summary>
    [NbdParameter("delay-fast-zero", ValueName = "BOOL", Help = "Delay fast zero requests (default true).")]
    public bool IsFastZeroDelayed { get; private set; } = true;

    /// <summary>How long a client waits that opens an export.</summary>
    [NbdParameter("delay-open", ValueName = "DELAY", Help = "Open delay.")]
    public Delay Open { get; private set; }

    /// <summary>How long a client waits that closes its connection.</summary>
    [NbdParameter("delay-close", ValueName = "DELAY", Help = "Close delay.")]
    public Delay Close { get; private set; }

    /// <summary>Nothing is delayed unless this file exists. Default: delays do not depend on a file.</summary>
    [NbdParameter("delay-trigger", ValueName = "FILENAME", Help = "Delay only while FILENAME exists.")]
    public FilePath? Trigger { get; private set; }

    /// <summary>Only a filter that waits at all makes the server hand requests to other threads.</summary>
    public override Latency EffectiveLatency =>
        (Read.Nanoseconds | Write.Nanoseconds | Zero.Nanoseconds | Trim.Nanoseconds | Extents.Nanoseconds
            | Cache.Nanoseconds) > 0 ? Latency.Blocking : base.EffectiveLatency;

    /// <inheritdoc/>
    public override void ConfigComplete()
    {
        if (Trigger is { } path)
            _trigger = new TriggerFile(path);
    }

    /// <inheritdoc/>
    public override Errno Opening(OpenRequest request) => WaitFor(Open);

    private bool IsActive => _trigger == null || _trigger.Exists;

    [HotPath]
    private Errno WaitFor(TimeSpan time) => time > TimeSpan.Zero && IsActive ? Sleep.For(time) : Errno.Ok;

    /// <summary>Waits, then passes the request on.</summary>
    [HotPath]
    public sealed class Connection<TNext>(DelayFilter filter) : FilterConnection<TNext>
        where TNext : struct, INext
    {
        private readonly TimeSpan _read = filter.Read;
        private readonly TimeSpan _write = filter.Write;
        private readonly TimeSpan _zero = filter.Zero;
        private readonly TimeSpan _trim = filter.Trim;
        private readonly TimeSpan _extents = filter.Extents;
        private readonly TimeSpan _cache = filter.Cache;

        /// <inheritdoc/>
        public override Errno Describe(ref ExportInfo info)
        {
            // To fail at once is a way to serve fast zero requests, whatever lies below.
            if (!filter.IsFastZeroDelayed)
                info.CanFastZero = true;
            return Errno.Ok;
        }

        /// <inheritdoc/>
        public override Errno Finish()
        {
            // That the server ends only cuts the waiting short: it is no failure of closing.
            _ = filter.WaitFor(filter.Close);
            return Errno.Ok;
        }

        /// <inheritdoc/>
        public override Errno Read(Span<byte> buffer, ulong offset)
        {
            Errno errno = filter.WaitFor(_read);
            return errno == Errno.Ok ? Next.Read(buffer, offset) : errno;
        }

        /// <inheritdoc/>
        public override Errno Write(ReadOnlySpan<byte> data, ulong offset, RequestFlags flags)
        {
            Errno errno = filter.WaitFor(_write);
            return errno == Errno.Ok ? Next.Write(data, offset, flags) : errno;
        }

        /// <inheritdoc/>
        public override Errno Trim(ulong count, ulong offset, RequestFlags flags)
        {
            Errno errno = filter.WaitFor(_trim);
            return errno == Errno.Ok ? Next.Trim(count, offset, flags) : errno;
        }

        /// <inheritdoc/>
        public override Errno Zero(ulong count, ulong offset, RequestFlags flags)
        {
            bool isRefused = (flags & RequestFlags.FastZero) != 0 && !filter.IsFastZeroDelayed
                && (filter.IsActive || !Next.Info.CanFastZero);
            if (isRefused)
                return Errno.ENOTSUP;
            Errno errno = filter.WaitFor(_zero);
            return errno == Errno.Ok ? Next.Zero(count, offset, flags) : errno;
        }

        /// <inheritdoc/>
        public override Errno Extents(ulong count, ulong offset, RequestFlags flags, ExtentList extents)
        {
            Errno errno = filter.WaitFor(_extents);
            return errno == Errno.Ok ? Next.Extents(count, offset, flags, extents) : errno;
        }

        /// <inheritdoc/>
        public override Errno Cache(ulong count, ulong offset)
        {
            Errno errno = filter.WaitFor(_cache);
            return errno == Errno.Ok ? Next.Cache(count, offset) : errno;
        }

        /// <inheritdoc/>
        public override Loan Lend(uint count, ulong offset, bool wantHoles) =>
            _read > TimeSpan.Zero ? Loan.None : Next.Lend(count, offset, wantHoles);
    }
}
