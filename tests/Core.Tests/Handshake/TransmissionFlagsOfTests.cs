// What is advertised of an export. Not: what an export can do (Chain).

using NbdFast.Handshake;
using NbdFast.Protocol;

namespace NbdFast.Core.Tests.Handshake;

public sealed class TransmissionFlagsOfTests
{
    [Fact]
    public void An_export_that_can_do_nothing_is_read_only() =>
        Assert.Equal(TransmissionFlags.HasFlags | TransmissionFlags.ReadOnly, Of(default));

    [Fact]
    public void Each_ability_has_its_flag()
    {
        Assert.Equal(
            TransmissionFlags.HasFlags | TransmissionFlags.ReadOnly | TransmissionFlags.SendFlush,
            Of(new ExportInfo { CanFlush = true }));
        Assert.Equal(
            TransmissionFlags.HasFlags | TransmissionFlags.ReadOnly | TransmissionFlags.Rotational,
            Of(new ExportInfo { Rotational = true }));
        Assert.Equal(
            TransmissionFlags.HasFlags | TransmissionFlags.ReadOnly | TransmissionFlags.CanMultiConn,
            Of(new ExportInfo { MultiConn = true }));
        Assert.Equal(
            TransmissionFlags.HasFlags | TransmissionFlags.ReadOnly | TransmissionFlags.SendCache,
            Of(new ExportInfo { Cache = CacheSupport.Emulate }));
        Assert.Equal(TransmissionFlags.HasFlags, Of(new ExportInfo { CanWrite = true }));
        Assert.Equal(
            TransmissionFlags.HasFlags | TransmissionFlags.SendTrim,
            Of(new ExportInfo { CanWrite = true, CanTrim = true }));
        Assert.Equal(
            TransmissionFlags.HasFlags | TransmissionFlags.SendFua,
            Of(new ExportInfo { CanWrite = true, Fua = FuaSupport.Emulate }));
        Assert.Equal(
            TransmissionFlags.HasFlags | TransmissionFlags.SendWriteZeroes,
            Of(new ExportInfo { CanWrite = true, Zero = ZeroSupport.Native }));
        Assert.Equal(
            TransmissionFlags.HasFlags | TransmissionFlags.SendWriteZeroes | TransmissionFlags.SendFastZero,
            Of(new ExportInfo { CanWrite = true, Zero = ZeroSupport.Native, CanFastZero = true }));
    }

    [Fact]
    public void Fast_zero_needs_zero() =>
        Assert.Equal(TransmissionFlags.HasFlags, Of(new ExportInfo { CanWrite = true, CanFastZero = true }));

    [Fact]
    public void A_read_only_export_shows_nothing_that_writes() =>
        Assert.Equal(
            TransmissionFlags.HasFlags | TransmissionFlags.ReadOnly,
            Of(new ExportInfo
            {
                CanTrim = true,
                Fua = FuaSupport.Native,
                Zero = ZeroSupport.Native,
                CanFastZero = true,
            }));

    [Theory]
    [InlineData(ReplyMode.Simple, false, TransmissionFlags.None)]
    [InlineData(ReplyMode.Simple, true, TransmissionFlags.None)]
    [InlineData(ReplyMode.Structured, false, TransmissionFlags.SendDf)]
    [InlineData(ReplyMode.Structured, true, TransmissionFlags.SendDf)]
    [InlineData(ReplyMode.Extended, false, TransmissionFlags.SendDf)]
    [InlineData(ReplyMode.Extended, true, TransmissionFlags.SendDf | TransmissionFlags.BlockStatusPayload)]
    internal void The_form_of_replies_adds_its_own(ReplyMode mode, bool hasAllocation, TransmissionFlags added) =>
        Assert.Equal(
            TransmissionFlags.HasFlags | TransmissionFlags.ReadOnly | added,
            TransmissionFlagsOf.Export(default, mode, hasAllocation));

    private static TransmissionFlags Of(ExportInfo info) =>
        TransmissionFlagsOf.Export(info, ReplyMode.Simple, hasAllocation: false);
}
