// What a plugin does not override, called nevertheless. Not: what is emulated instead.

using NbdFast.Chain;
using NbdFast.Chain.Links;

namespace NbdFast.Core.Tests.Chain.Links;

public sealed class AbsentOperationTests
{
    private readonly AbsentOperation _absent = new(new LayerInfo());

    [Fact]
    public void A_read_fails() => Assert.Equal(Errno.EIO, _absent.Read(new byte[1], 0));

    [Fact]
    public void A_write_is_not_permitted() =>
        Assert.Equal(Errno.EPERM, _absent.Write(new byte[1], 0, RequestFlags.None));

    [Fact]
    public void A_zero_request_is_not_supported() => Assert.Equal(Errno.ENOTSUP, _absent.Zero(1, 0, RequestFlags.None));

    [Fact]
    public void Flush_trim_extents_and_cache_are_invalid()
    {
        Assert.Equal(Errno.EINVAL, _absent.Flush());
        Assert.Equal(Errno.EINVAL, _absent.Trim(1, 0, RequestFlags.None));
        Assert.Equal(Errno.EINVAL, _absent.Extents(1, 0, RequestFlags.None, new ExtentList(0, 1)));
        Assert.Equal(Errno.EINVAL, _absent.Cache(1, 0));
    }

    [Fact]
    public void A_cache_request_that_was_declared_native_succeeds()
    {
        var info = new LayerInfo();
        info.Value.Cache = CacheSupport.Native;
        Assert.Equal(Errno.Ok, new AbsentOperation(info).Cache(1, 0));
    }
}
