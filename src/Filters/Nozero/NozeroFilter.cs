// The nozero filter: takes away the efficient handling of zeroes. Not: of holes in what is read (noextents).

using System;

namespace NbdFast.Filters;

/// <summary>Disables zero requests, or makes them slower, to compare and to test (nbdkit-nozero-filter(1)).</summary>
[NbdFilter("nozero", "nbdkit nozero filter")]
public sealed partial class NozeroFilter : Filter
{
    private static readonly byte[] Zeroes = new byte[64 << 10];

    /// <summary>What is done with zero requests. Default: <see cref="ZeroMode.None"/>.</summary>
    [NbdParameter("zero-mode", ValueName = "MODE", Help = "One of 'none' (default), 'emulate', 'notrim', 'plugin'.")]
    public ZeroMode Mode { get; private set; }

    /// <summary>The older name of <see cref="Mode"/>.</summary>
    [NbdParameter("zeromode", ValueName = "MODE", Help = "The same as zero-mode.")]
    public ZeroMode ModeByOlderName
    {
        get => Mode;
        private set => Mode = value;
    }

    /// <summary>What is done with fast ones. Default: <see cref="FastZeroMode.Default"/>.</summary>
    [NbdParameter("fast-zero-mode", ValueName = "MODE", Help = "One of 'default', 'none', 'slow', 'ignore'.")]
    public FastZeroMode FastMode { get; private set; }

    /// <summary>The older name of <see cref="FastMode"/>.</summary>
    [NbdParameter("fastzeromode", ValueName = "MODE", Help = "The same as fast-zero-mode.")]
    public FastZeroMode FastModeByOlderName
    {
        get => FastMode;
        private set => FastMode = value;
    }

    /// <inheritdoc/>
    public override string? SwapObjection => null;

    /// <summary>Describes less than there is, and takes flags off zero requests.</summary>
    [HotPath]
    public sealed class Connection<TNext>(NozeroFilter filter) : FilterConnection<TNext>
        where TNext : struct, INext
    {
        private readonly ZeroMode _mode = filter.Mode;
        private readonly FastZeroMode _fastMode = filter.FastMode;

        /// <inheritdoc/>
        public override Errno Describe(ref ExportInfo info)
        {
            bool isForwarded = _mode is ZeroMode.Notrim or ZeroMode.Plugin;
            if (isForwarded && info.Zero != ZeroSupport.Native && !Request.ReadOnly)
            {
                string word = _mode == ZeroMode.Notrim ? "notrim" : "plugin";
                return Log.Error(Errno.EINVAL, $"zeromode '{word}' requires plugin zero support");
            }

            bool isFastBelow = info.CanFastZero;
            info.Zero = _mode switch
            {
                ZeroMode.None => ZeroSupport.None,
                // The server's emulation refuses fast requests; to ignore the flag, Zero here must be asked.
                ZeroMode.Emulate when _fastMode == FastZeroMode.Ignore => ZeroSupport.Native,
                ZeroMode.Emulate => ZeroSupport.Emulate,
                _ => info.Zero,
            };
            info.CanFastZero = _mode != ZeroMode.None && _fastMode switch
            {
                FastZeroMode.None => false,
                FastZeroMode.Default when isForwarded => isFastBelow,
                _ => true,
            };
            return Errno.Ok;
        }

        /// <inheritdoc/>
        public override Errno Zero(ulong count, ulong offset, RequestFlags flags)
        {
            if ((flags & RequestFlags.FastZero) != 0)
            {
                if (_fastMode == FastZeroMode.Slow)
                    return Errno.ENOTSUP;
                if (_fastMode == FastZeroMode.Ignore)
                    flags &= ~RequestFlags.FastZero;
            }

            if (_mode == ZeroMode.Emulate)
                return WriteZeroes(count, offset, flags & RequestFlags.Fua);
            if (_mode == ZeroMode.Notrim)
                flags &= ~RequestFlags.MayTrim;
            return Next.Zero(count, offset, flags);
        }

        // Where FUA is emulated by a flush, one flush after the last piece is enough (".can_fua" in nbdkit-filter(3)).
        private Errno WriteZeroes(ulong count, ulong offset, RequestFlags flags)
        {
            RequestFlags flagsBeforeLast = Next.Info.Fua == FuaSupport.Native ? flags : RequestFlags.None;
            uint limit = (uint)Zeroes.Length;
            if (Next.Info.BlockMaximum != 0)
                limit = Math.Min(limit, Next.Info.BlockMaximum);
            while (count > 0)
            {
                // A piece ends at a multiple of its size, so that all but the first and the last are aligned.
                uint piece = (uint)Math.Min(count, limit - offset % limit);
                count -= piece;
                Errno errno = Next.Write(Zeroes.AsSpan(0, (int)piece), offset, count == 0 ? flags : flagsBeforeLast);
                if (errno != Errno.Ok)
                    return errno;
                offset += piece;
            }

            return Errno.Ok;
        }
    }
}
