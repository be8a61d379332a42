// The fua filter: changes how flush and Forced Unit Access are handled. Not: the emulation that
// the server does for plugins without FUA (Chain/Links).

using System;

namespace NbdFast.Filters;

/// <summary>Modifies flush and Forced Unit Access (nbdkit-fua-filter(1)).</summary>
[NbdFilter("fua", "nbdkit fua filter")]
public sealed partial class FuaFilter : Filter
{
    /// <summary>What is done. Default: <see cref="FuaMode.None"/>.</summary>
    [NbdParameter("fua-mode", ValueName = "MODE", Help =
        "One of 'none' (default), 'emulate', 'native', 'force', 'pass', 'discard'.")]
    public FuaMode Mode { get; private set; }

    /// <summary>The older name of <see cref="Mode"/>.</summary>
    [NbdParameter("fuamode", ValueName = "MODE", Help = "The same as fua-mode.")]
    public FuaMode ModeByOlderName
    {
        get => Mode;
        private set => Mode = value;
    }

    /// <summary>Flush when a client disconnects. Default: false.</summary>
    [NbdParameter("flush-on-close", ValueName = "BOOL", Help =
        "Flush when the client closes the connection (default false).")]
    public bool FlushOnClose { get; private set; }

    /// <inheritdoc/>
    public override string? SwapObjection => null;

    /// <summary>Sets or drops the flag, and drops flushes, as the mode wants.</summary>
    [HotPath]
    public sealed class Connection<TNext>(FuaFilter filter) : FilterConnection<TNext>
        where TNext : struct, INext
    {
        private readonly RequestFlags _added = filter.Mode == FuaMode.Force ? RequestFlags.Fua : RequestFlags.None;
        private readonly RequestFlags _kept =
            filter.Mode is FuaMode.Discard or FuaMode.Emulate ? ~RequestFlags.Fua : ~RequestFlags.None;
        private readonly bool _isEmulated = filter.Mode == FuaMode.Emulate;
        private readonly bool _isFlushDropped = filter.Mode is FuaMode.Force or FuaMode.Discard;

        /// <inheritdoc/>
        public override Errno Describe(ref ExportInfo info)
        {
            // A client that only reads needs none of it, and the layer below says "none" to it.
            Errno errno = Request.ReadOnly ? Errno.Ok : CheckSupport(info);
            if (errno != Errno.Ok)
                return errno;
            if (filter.FlushOnClose && !info.CanFlush)
                return Log.Error(Errno.EINVAL, $"flush-on-close requires plugin flush support");

            info.Fua = filter.Mode switch
            {
                FuaMode.None => FuaSupport.None,
                FuaMode.Emulate => FuaSupport.Emulate,
                FuaMode.Pass => info.Fua,
                _ => FuaSupport.Native,
            };
            if (filter.Mode == FuaMode.Discard)
                info.CanFlush = true;
            return Errno.Ok;
        }

        /// <inheritdoc/>
        public override Errno Write(ReadOnlySpan<byte> data, ulong offset, RequestFlags flags) =>
            Persist(Next.Write(data, offset, Changed(flags)), flags);

        /// <inheritdoc/>
        public override Errno Trim(ulong count, ulong offset, RequestFlags flags) =>
            Persist(Next.Trim(count, offset, Changed(flags)), flags);

        /// <inheritdoc/>
        public override Errno Zero(ulong count, ulong offset, RequestFlags flags) =>
            Persist(Next.Zero(count, offset, Changed(flags)), flags);

        /// <inheritdoc/>
        public override Errno Flush() => _isFlushDropped ? Errno.Ok : Next.Flush();

        /// <inheritdoc/>
        public override Errno Finish() => filter.FlushOnClose && Next.Info.CanFlush ? Next.Flush() : Errno.Ok;

        private RequestFlags Changed(RequestFlags flags) => (flags & _kept) | _added;

        private Errno Persist(Errno done, RequestFlags flags) =>
            _isEmulated && done == Errno.Ok && (flags & RequestFlags.Fua) != 0 ? Next.Flush() : done;

        private Errno CheckSupport(in ExportInfo below) => filter.Mode switch
        {
            FuaMode.Emulate when !below.CanFlush =>
                Log.Error(Errno.EINVAL, $"fuamode 'emulate' requires plugin flush support"),
            FuaMode.Native when below.Fua == FuaSupport.None =>
                Log.Error(Errno.EINVAL, $"fuamode 'native' requires plugin fua support"),
            FuaMode.Force when below.Fua == FuaSupport.None =>
                Log.Error(Errno.EINVAL, $"fuamode 'force' requires plugin fua support"),
            _ => Errno.Ok,
        };
    }
}
