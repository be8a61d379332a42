// Tables as text. Not: what stands in them.

using System;
using NbdFast.Bench.EndToEnd.Report;

namespace NbdFast.EndToEnd.Tests;

public sealed class MarkdownTableTests
{
    [Fact]
    public void Text_is_at_the_left_and_figures_are_at_the_right()
    {
        MarkdownTable table = new("row", "req/s");
        table.Add("a", "1234567");
        table.Add("longer", "2");
        Assert.Equal(
            """
            | row    |   req/s |
            | ------ | ------: |
            | a      | 1234567 |
            | longer |       2 |

            """,
            table.ToString());
    }

    [Fact]
    public void A_bar_in_a_cell_does_not_end_it()
    {
        MarkdownTable table = new("a");
        table.Add("x|y");
        Assert.Contains("x\\|y", table.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_has_a_cell_for_each_column() =>
        Assert.Throws<ArgumentException>(() => new MarkdownTable("a", "b").Add("only"));

    [Theory]
    [InlineData(1234567.8, "1234568")]
    [InlineData(123.4, "123")]
    [InlineData(12.34, "12.3")]
    [InlineData(1.234, "1.23")]
    [InlineData(0.1234, "0.123")]
    [InlineData(0.0, "0.000")]
    [InlineData(double.NaN, "n/a")]
    public void Figures_have_three_digits_that_mean_something(double value, string expected) =>
        Assert.Equal(expected, FigureText.Of(value));
}
