// Sizes as the command line has them. Not: what a unit does with a size.

using NbdFast.Values;

namespace NbdFast.Core.Tests.Api.Values;

public sealed class DiskSizeTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("-0", 0)]
    [InlineData("1", 1)]
    [InlineData("+1", 1)]
    [InlineData(" 1", 1)]
    [InlineData("\t1", 1)]
    [InlineData("010", 10)]
    [InlineData("1b", 1)]
    [InlineData("1B", 1)]
    [InlineData("1s", 512)]
    [InlineData("3S", 1536)]
    [InlineData("1k", 1L << 10)]
    [InlineData("1K", 1L << 10)]
    [InlineData("1m", 1L << 20)]
    [InlineData("100M", 100L << 20)]
    [InlineData("1g", 1L << 30)]
    [InlineData("2G", 2L << 30)]
    [InlineData("1t", 1L << 40)]
    [InlineData("1T", 1L << 40)]
    [InlineData("1p", 1L << 50)]
    [InlineData("1P", 1L << 50)]
    [InlineData("1e", 1L << 60)]
    [InlineData("7E", 7L << 60)]
    [InlineData("9223372036854775807", long.MaxValue)]
    public void A_size_is_a_decimal_number_with_an_optional_suffix(string text, long bytes)
    {
        Assert.Equal((ulong)bytes, DiskSize.Parse(text).Bytes);
    }

    [Theory]
    [InlineData("", "could not parse size string ()")]
    [InlineData("k", "could not parse size string (k)")]
    [InlineData("abc", "could not parse size string (abc)")]
    [InlineData("-", "could not parse size string (-)")]
    [InlineData("+ 1", "could not parse size string (+ 1)")]
    [InlineData("--1", "could not parse size string (--1)")]
    [InlineData("-1", "size cannot be negative (-1)")]
    [InlineData("-1k", "size cannot be negative (-1k)")]
    [InlineData("-99999999999999999999", "size cannot be negative (-99999999999999999999)")]
    [InlineData("1 ", "could not parse size: unknown suffix ' '")]
    [InlineData("1 k", "could not parse size: unknown suffix ' k'")]
    [InlineData("1KB", "could not parse size: unknown suffix 'KB'")]
    [InlineData("1MiB", "could not parse size: unknown suffix 'MiB'")]
    [InlineData("1.5M", "could not parse size: unknown suffix '.5M'")]
    [InlineData("0x10", "could not parse size: unknown suffix 'x10'")]
    [InlineData("1_000", "could not parse size: unknown suffix '_000'")]
    [InlineData("9223372036854775808", "size (9223372036854775808) exceeds maximum value")]
    [InlineData("18446744073709551616", "size (18446744073709551616) exceeds maximum value")]
    [InlineData("8E", "overflow computing size (8E)")]
    [InlineData("9223372036854775807s", "overflow computing size (9223372036854775807s)")]
    [InlineData("\u0661", "could not parse size string (\u0661)")]
    public void What_is_no_size_is_refused_with_the_reason(string text, string message)
    {
        Assert.Equal(message, Assert.Throws<ConfigException>(() => DiskSize.Parse(text)).Message);
    }

    [Fact]
    public void A_size_is_used_and_shown_as_a_number_of_bytes()
    {
        DiskSize size = DiskSize.Parse("1M");
        ulong bytes = size;
        Assert.Equal(1048576UL, bytes);
        Assert.Equal("1048576", size.ToString());
    }
}
