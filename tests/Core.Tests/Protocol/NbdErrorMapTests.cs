// Which error a client sees for each errno. Not: which errno a request gets (RequestRulesTests).

using NbdFast.Protocol;

namespace NbdFast.Core.Tests.Protocol;

public sealed class NbdErrorMapTests
{
    [Theory]
    [InlineData(Errno.Ok, 0)]
    [InlineData(Errno.EPERM, 1)]
    [InlineData(Errno.EROFS, 1)]
    [InlineData(Errno.EIO, 5)]
    [InlineData(Errno.ENOMEM, 12)]
    [InlineData(Errno.EINVAL, 22)]
    [InlineData(Errno.ENOSPC, 28)]
    [InlineData(Errno.EDQUOT, 28)]
    [InlineData(Errno.EFBIG, 28)]
    [InlineData(Errno.ESHUTDOWN, 108)]
    [InlineData(Errno.ENOENT, 5)]
    [InlineData(Errno.EACCES, 5)]
    [InlineData((Errno)12345, 5)]
    public void An_errno_has_one_error_on_the_wire(Errno errno, uint expected) =>
        Assert.Equal(expected, (uint)NbdErrorMap.ToWire(errno, CommandFlags.None));

    [Theory]
    [InlineData(Errno.ENOTSUP, CommandFlags.None, 22)]
    [InlineData(Errno.ENOTSUP, CommandFlags.FastZero, 95)]
    [InlineData(Errno.EOVERFLOW, CommandFlags.None, 22)]
    [InlineData(Errno.EOVERFLOW, CommandFlags.Df, 75)]
    internal void Two_errors_are_for_requests_with_a_flag_only(Errno errno, CommandFlags flags, uint expected) =>
        Assert.Equal(expected, (uint)NbdErrorMap.ToWire(errno, flags));
}
