// Disks of the data plugin that are far larger than what is on them, and what cannot be. Not: small ones
// (DataLanguageTests).

using System;
using System.Linq;
using System.Text;
using NbdFast.Testing;

namespace NbdFast.Plugins.Tests.Data;

public sealed class DataSizeTests
{
    private const ulong Exabyte = 1UL << 60;

    [Theory]
    [InlineData("@0x7fffffffffffffff", long.MaxValue)]
    [InlineData("@7E 1", 7 * Exabyte + 1)]
    [InlineData("0*9223372036854775807", long.MaxValue)]
    [InlineData("(0 0 0)*1E", 3 * Exabyte)]
    [InlineData("((0*1000000)*1000000)*1000000", 1_000_000_000_000_000_000)]
    [InlineData("(@1E)*7 1", 7 * Exabyte + 1)]
    [InlineData("1 @^4611686018427387904", 4 * Exabyte)]
    [InlineData("(1*1E)[:3]", 3)]
    [InlineData("((1 @1G 2)*1G)[1G:2G]", 1 << 30)]
    [InlineData("(((1*1T 2)*1k 3)*1k 4)[1E:][:5]", 5)]
    [InlineData("((\"x\" * 1000000000 )*1000)[999999999998:] 1", 3)]
    public void A_huge_disk_costs_what_is_on_it(string expression, ulong size)
    {
        using ChainHarness chain = DataDisk.Open(expression);
        Assert.Equal(size, chain.Info.Size);
    }

    [Fact]
    public void Data_lies_where_it_belongs_on_a_huge_disk()
    {
        using ChainHarness chain = DataDisk.Open("((1 @1G)*1000 2 @1T)*5 @3E \"end\" @4E");
        Assert.Equal(4 * Exabyte, chain.Info.Size);
        Assert.Equal([1, 0], chain.ReadBytes((4UL << 40) + (999UL << 30), 2));
        Assert.Equal([0, 2, 0], chain.ReadBytes((4UL << 40) + (1000UL << 30) - 1, 3));
        Assert.Equal("\0end\0"u8.ToArray(), chain.ReadBytes((3 * Exabyte) - 1, 5));
    }

    [Fact]
    public void The_size_cuts_what_is_longer_and_fills_up_what_is_shorter()
    {
        Assert.Equal("0102", DataDisk.Hex("1 2 3", ("size", "2")));
        Assert.Equal("0102030000", DataDisk.Hex("1 2 3", ("size", "5")));
        Assert.Equal("", DataDisk.Hex("1 2 3", ("size", "0")));
        Assert.Equal("48656c6c6f48", DataDisk.Hex("( \"Hello\" )*2000", ("size", "6")));
        Assert.Equal("0101", DataDisk.Hex("1*7E", ("size", "2")));
    }

    [Fact]
    public void Pages_of_zeroes_are_holes_whatever_they_were_written_as()
    {
        using ChainHarness chain = DataDisk.Open("1 @8k 0*4096 2 </dev/zero[:20k] \"\" @64k (0*5000 3 0*5000)*2 @128k");
        Assert.Equal("0+1000 3000+1000 11000+1000 13000+1000", DataDisk.DataExtents(chain));
    }

    [Theory]
    [InlineData("1*8E")]
    [InlineData("(\"x\"*1000000000)*100000")]
    [InlineData("(1 @4k)*1T")]
    [InlineData("((1 @1M)*1G 2)*1k")]
    public void What_would_take_more_memory_than_there_is_is_refused_at_once(string expression) => Assert.Matches(
        "^the data takes [0-9]+ bytes of memory, and only [0-9]+ are available$",
        DataDisk.Refusal(
            expression.Replace("8E", "0x7fffffffffffffff", StringComparison.Ordinal), ("allocator", "malloc")));

    [Theory]
    [InlineData(100_000)]
    [InlineData(300_000)]
    public void Any_number_of_parentheses_will_do(int depth)
    {
        Assert.Equal("07", DataDisk.Hex(new string('(', depth) + "7" + new string(')', depth)));
        StringBuilder text = new();
        for (int i = 0; i < depth / 10; i++)
            text.Append("(1 ");
        text.Append(')', depth / 10);
        byte[] bytes = DataDisk.Bytes(text.ToString());
        Assert.Equal(depth / 10, bytes.Count(value => value == 1));
        Assert.Contains(
            $"unmatched '(' in data string at offset {depth - 1} ",
            DataDisk.Refusal(new string('(', depth)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_hundred_thousand_steps_in_any_order_are_soon_done()
    {
        const int Count = 100_000;
        StringBuilder backwards = new();
        StringBuilder names = new("1 -> \\a ");
        StringBuilder postfix = new("(1 2 3)");
        for (int i = Count; i > 0; i--)
        {
            backwards.Append($"@{i * 100} {i % 256} ");
            names.Append("(\\a 1) -> \\a ");
            postfix.Append("*1[0:]");
        }

        byte[] bytes = DataDisk.Bytes(backwards.ToString());
        Assert.All(Enumerable.Range(1, Count), i => Assert.Equal((byte)i, bytes[i * 100]));
        Assert.Equal(Count + 1, DataDisk.Bytes(names + "\\a").Length);
        Assert.Equal("010203", DataDisk.Hex(postfix.ToString()));
    }

    [Fact]
    public void What_covers_itself_many_times_over_counts_once()
    {
        StringBuilder text = new("1 -> \\a ");
        for (int i = 0; i < 200; i++)
            text.Append("(\\a @0 \\a @0 \\a) -> \\a ");
        Assert.Equal("01", DataDisk.Hex(text + "\\a"));
    }

    [Fact]
    public void Variables_that_double_each_other_come_to_an_end()
    {
        (string, string)[] variables =
            [("v0", "()"), .. Enumerable.Range(1, 64).Select(i => ($"v{i}", $"$v{i - 1} $v{i - 1}"))];
        Assert.Contains("more than 1048576 times", DataDisk.Refusal("$v64", variables), StringComparison.Ordinal);
        Assert.Equal("", DataDisk.Hex("$v12", variables));
    }
}
