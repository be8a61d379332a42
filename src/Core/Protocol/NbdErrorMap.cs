// Linux errno to the errors that the protocol knows. Not: which errors a rule gives (RequestRules).

namespace NbdFast.Protocol;

/// <summary>What nbdkit answers for each errno, as observed; everything unknown is EIO.</summary>
internal static class NbdErrorMap
{
    /// <summary>Translates.</summary>
    /// <param name="errno">The chain's answer.</param>
    /// <param name="flags">The request's: ENOTSUP is for fast zeroes only, EOVERFLOW for unfragmented reads
    /// only.</param>
    [HotPath]
    public static NbdError ToWire(Errno errno, CommandFlags flags) => errno switch
    {
        Errno.Ok => NbdError.Ok,
        Errno.EPERM or Errno.EROFS => NbdError.EPERM,
        Errno.ENOMEM => NbdError.ENOMEM,
        Errno.ENOSPC or Errno.EDQUOT or Errno.EFBIG => NbdError.ENOSPC,
        Errno.EINVAL => NbdError.EINVAL,
        Errno.ESHUTDOWN => NbdError.ESHUTDOWN,
        Errno.ENOTSUP => (flags & CommandFlags.FastZero) != 0 ? NbdError.ENOTSUP : NbdError.EINVAL,
        Errno.EOVERFLOW => (flags & CommandFlags.Df) != 0 ? NbdError.EOVERFLOW : NbdError.EINVAL,
        _ => NbdError.EIO,
    };

    /// <summary>What an error of another server means here.</summary>
    /// <returns>An errno; never <see cref="Errno.Ok"/>. One that the protocol does not have is taken for EINVAL, as it
    /// wants ("Error values").</returns>
    public static Errno FromWire(uint error) => (NbdError)error switch
    {
        NbdError.Ok => Errno.EIO,   // An error that is none.
        NbdError.EPERM => Errno.EPERM,
        NbdError.EIO => Errno.EIO,
        NbdError.ENOMEM => Errno.ENOMEM,
        NbdError.ENOSPC => Errno.ENOSPC,
        NbdError.EOVERFLOW => Errno.EOVERFLOW,
        NbdError.ENOTSUP => Errno.ENOTSUP,
        NbdError.ESHUTDOWN => Errno.ESHUTDOWN,
        _ => Errno.EINVAL,
    };
}
