// The verdicts on requests, as a pure function. Not: the same over a connection (Server/RefusalTests).

using NbdFast.Protocol;

namespace NbdFast.Core.Tests.Protocol;

public sealed class RequestRulesTests
{
    private const ulong Size = 1 << 30;
    private const TransmissionFlags Everything =
        TransmissionFlags.HasFlags | TransmissionFlags.SendFlush | TransmissionFlags.SendFua
        | TransmissionFlags.SendTrim
        | TransmissionFlags.SendWriteZeroes | TransmissionFlags.SendDf | TransmissionFlags.SendCache
        | TransmissionFlags.SendFastZero | TransmissionFlags.BlockStatusPayload;

    [Theory]
    [InlineData(0, 1)]
    [InlineData(Size - 1, 1)]
    [InlineData(0, 64 << 20)]
    [InlineData(Size - (64 << 20), 64 << 20)]
    public void A_range_inside_of_the_export_is_allowed(ulong offset, ulong length)
    {
        foreach (NbdCommand command in new[]
        {
            NbdCommand.Read, NbdCommand.Write, NbdCommand.Trim, NbdCommand.Cache, NbdCommand.WriteZeroes,
            NbdCommand.BlockStatus,
        })
            Assert.Equal(Errno.Ok, Judge(command, offset, length));
    }

    [Theory]
    [InlineData(Size, 1)]
    [InlineData(Size - 1, 2)]
    [InlineData(Size + 1, 1)]
    [InlineData(ulong.MaxValue, 1)]
    [InlineData(ulong.MaxValue, 2)]                  // The sum is 1.
    [InlineData(ulong.MaxValue - 511, 1024)]         // The sum is 512.
    [InlineData(1UL << 63, 1)]
    public void A_range_past_the_end_is_refused_whatever_the_sum_is(ulong offset, ulong length)
    {
        Assert.Equal(Errno.EINVAL, Judge(NbdCommand.Read, offset, length));
        Assert.Equal(Errno.EINVAL, Judge(NbdCommand.Trim, offset, length));
        Assert.Equal(Errno.EINVAL, Judge(NbdCommand.Cache, offset, length));
        Assert.Equal(Errno.EINVAL, Judge(NbdCommand.BlockStatus, offset, length));
        Assert.Equal(Errno.ENOSPC, Judge(NbdCommand.Write, offset, length));
        Assert.Equal(Errno.ENOSPC, Judge(NbdCommand.WriteZeroes, offset, length));
    }

    [Theory]
    [InlineData(1, ulong.MaxValue)]
    [InlineData(Size, ulong.MaxValue - Size + 1)]
    [InlineData(0, Size + 1)]
    public void A_64_bit_length_past_the_end_is_refused(ulong offset, ulong length)
    {
        Assert.Equal(Errno.EINVAL, Judge(NbdCommand.Trim, offset, length));
        Assert.Equal(Errno.EINVAL, Judge(NbdCommand.BlockStatus, offset, length));
        Assert.Equal(Errno.ENOSPC, Judge(NbdCommand.WriteZeroes, offset, length));
    }

    [Fact]
    public void Only_data_is_limited_to_64_MiB()
    {
        const ulong Long = (64 << 20) + 1;
        Assert.Equal(Errno.ENOMEM, Judge(NbdCommand.Read, 0, Long));
        Assert.Equal(Errno.ENOMEM, Judge(NbdCommand.Write, 0, Long));
        Assert.Equal(Errno.Ok, Judge(NbdCommand.Trim, 0, Long));
        Assert.Equal(Errno.Ok, Judge(NbdCommand.WriteZeroes, 0, Size));
        Assert.Equal(Errno.Ok, Judge(NbdCommand.Cache, 0, Size));
        Assert.Equal(Errno.Ok, Judge(NbdCommand.BlockStatus, 0, Size));
    }

    [Fact]
    public void An_empty_request_is_invalid()
    {
        Assert.Equal(Errno.EINVAL, Judge(NbdCommand.Read, 0, 0));
        Assert.Equal(Errno.EINVAL, Judge(NbdCommand.Write, 0, 0));
        Assert.Equal(Errno.EINVAL, Judge(NbdCommand.Trim, 0, 0));
        Assert.Equal(Errno.EINVAL, Judge(NbdCommand.Cache, 0, 0));
        Assert.Equal(Errno.EINVAL, Judge(NbdCommand.WriteZeroes, 0, 0));
        Assert.Equal(Errno.EINVAL, Judge(NbdCommand.BlockStatus, 0, 0));
        Assert.Equal(Errno.Ok, Judge(NbdCommand.Flush, 0, 0));
    }

    [Fact]
    public void A_flush_has_neither_offset_nor_length()
    {
        Assert.Equal(Errno.EINVAL, Judge(NbdCommand.Flush, 0, 1));
        Assert.Equal(Errno.EINVAL, Judge(NbdCommand.Flush, 1, 0));
    }

    [Theory]
    [InlineData(NbdCommand.Read, CommandFlags.Df)]
    [InlineData(NbdCommand.Write, CommandFlags.PayloadLength)]
    [InlineData(NbdCommand.Flush, CommandFlags.None)]
    [InlineData(NbdCommand.Trim, CommandFlags.None)]
    [InlineData(NbdCommand.Cache, CommandFlags.None)]
    [InlineData(NbdCommand.WriteZeroes, CommandFlags.NoHole | CommandFlags.FastZero)]
    [InlineData(NbdCommand.BlockStatus, CommandFlags.ReqOne | CommandFlags.PayloadLength)]
    internal void Each_command_takes_its_flags_and_FUA_and_no_other(NbdCommand command, CommandFlags allowed)
    {
        ulong length = command == NbdCommand.Flush ? 0UL : 512;
        for (int bit = 0; bit < 16; bit++)
        {
            CommandFlags flag = (CommandFlags)(1 << bit);
            bool expected = flag == CommandFlags.Fua || (allowed & flag) != 0;
            Errno verdict = Judge(command, 0, length, flag, ReplyMode.Extended);
            Assert.True(expected == (verdict == Errno.Ok), $"{command} with {flag}: {verdict}");
        }
    }

    [Theory]
    [InlineData(NbdCommand.Write)]
    [InlineData(NbdCommand.BlockStatus)]
    internal void The_payload_flag_is_for_extended_headers(NbdCommand command) =>
        Assert.Equal(Errno.EINVAL, Judge(command, 0, 512, CommandFlags.PayloadLength));

    [Theory]
    [InlineData(NbdCommand.Read, CommandFlags.Df, TransmissionFlags.SendDf)]
    [InlineData(NbdCommand.Write, CommandFlags.Fua, TransmissionFlags.SendFua)]
    [InlineData(NbdCommand.Read, CommandFlags.Fua, TransmissionFlags.SendFua)]
    [InlineData(NbdCommand.Flush, CommandFlags.None, TransmissionFlags.SendFlush)]
    [InlineData(NbdCommand.Trim, CommandFlags.None, TransmissionFlags.SendTrim)]
    [InlineData(NbdCommand.Cache, CommandFlags.None, TransmissionFlags.SendCache)]
    [InlineData(NbdCommand.WriteZeroes, CommandFlags.None, TransmissionFlags.SendWriteZeroes)]
    [InlineData(NbdCommand.WriteZeroes, CommandFlags.FastZero, TransmissionFlags.SendFastZero)]
    internal void What_was_not_advertised_is_invalid(NbdCommand command, CommandFlags flags, TransmissionFlags needed)
    {
        ulong length = command == NbdCommand.Flush ? 0UL : 512;
        Assert.Equal(Errno.Ok, Judge(command, 0, length, flags));
        Assert.Equal(Errno.EINVAL, Judge(command, 0, length, flags, advertised: Everything & ~needed));
    }

    [Fact]
    public void A_read_only_export_takes_no_change_not_even_a_wrong_one()
    {
        const TransmissionFlags ReadOnly = TransmissionFlags.HasFlags | TransmissionFlags.ReadOnly;
        Assert.Equal(Errno.EPERM, Judge(NbdCommand.Write, Size, 512, advertised: ReadOnly));
        Assert.Equal(Errno.EPERM, Judge(NbdCommand.Trim, 0, 512, advertised: ReadOnly));
        Assert.Equal(Errno.EPERM, Judge(NbdCommand.WriteZeroes, 0, 512, advertised: ReadOnly));
        Assert.Equal(Errno.Ok, Judge(NbdCommand.Read, 0, 512, advertised: ReadOnly));
    }

    [Theory]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(0xffff)]
    public void An_unknown_command_is_invalid(ushort command) =>
        Assert.Equal(Errno.EINVAL, Judge((NbdCommand)command, 0, 512));

    [Fact]
    public void A_block_status_needs_a_context()
    {
        RequestHeader request = new() { Command = NbdCommand.BlockStatus, Length = 512 };
        TransmissionTerms terms = new(Size, Everything, ReplyMode.Structured, HasAllocation: false);
        Assert.Equal(Errno.EINVAL, RequestRules.Check(request, terms, out string reason));
        Assert.NotEmpty(reason);
    }

    private static Errno Judge(
        NbdCommand command,
        ulong offset,
        ulong length,
        CommandFlags flags = CommandFlags.None,
        ReplyMode mode = ReplyMode.Structured,
        TransmissionFlags advertised = Everything)
    {
        RequestHeader request = new() { Command = command, Offset = offset, Length = length, Flags = flags };
        TransmissionTerms terms = new(Size, advertised, mode, HasAllocation: true);
        Errno verdict = RequestRules.Check(request, terms, out string reason);
        Assert.Equal(verdict == Errno.Ok, reason.Length == 0);
        return verdict;
    }
}
