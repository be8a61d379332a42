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
}
