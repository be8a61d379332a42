// Delays as the command line has them. Not: waiting.

using System;
using NbdFast.Values;

namespace NbdFast.Core.Tests.Api.Values;

public sealed class DelayTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("1", 1_000_000_000)]
    [InlineData("1s", 1_000_000_000)]
    [InlineData("+1", 1_000_000_000)]
    [InlineData("1.2", 1_200_000_000)]
    [InlineData("1.2s", 1_200_000_000)]
    [InlineData(".5", 500_000_000)]
    [InlineData("1.2ms", 1_200_000)]
    [InlineData("120ms", 120_000_000)]
    [InlineData("1.2us", 1_200)]
    [InlineData("1.2\u03bcs", 1_200)]
    [InlineData("120\u00b5s", 120_000)]
    [InlineData("1ns", 1)]
    [InlineData("0.000000001", 1)]
    [InlineData("4294967295", 4_294_967_295_000_000_000)]
    [InlineData("4294967295000ms", 4_294_967_295_000_000_000)]
    public void A_delay_is_a_number_with_an_optional_unit(string text, ulong nanoseconds)
    {
        Assert.Equal(nanoseconds, Delay.Parse(text).Nanoseconds);
    }

    [Theory]
    [InlineData("", "empty string where we expected a number")]
    [InlineData("-1", "negative numbers are not allowed")]
    [InlineData("abc", "could not parse number: \"abc\"")]
    [InlineData("ms", "could not parse number: \"ms\"")]
    [InlineData("1.2.3", "could not parse number: \"1.2.3\"")]
    [InlineData("1,2", "could not parse number: \"1,2\"")]
    [InlineData("1m", "could not parse number: \"1m\": trailing garbage")]
    [InlineData("1 s", "could not parse number: \"1 s\": trailing garbage")]
    [InlineData("1S", "could not parse number: \"1S\": trailing garbage")]
    [InlineData("4294967296", "could not parse number: \"4294967296\": Numerical result out of range")]
    [InlineData(
        "99999999999999999999999999999999999",
        "could not parse number: \"99999999999999999999999999999999999\": Numerical result out of range")]
    public void What_is_no_delay_is_refused_with_the_reason(string text, string message)
    {
        Assert.Equal(message, Assert.Throws<ConfigException>(() => Delay.Parse(text)).Message);
    }

    [Theory]
    [InlineData("1.5s", 15_000_000)]
    [InlineData("100ns", 1)]
    [InlineData("1ns", 1)]
    [InlineData("101ns", 2)]
    [InlineData("0", 0)]
    public void As_a_time_span_a_delay_is_never_shorter_than_asked(string text, long ticks)
    {
        TimeSpan time = Delay.Parse(text);
        Assert.Equal(ticks, time.Ticks);
    }

    [Theory]
    [InlineData("60", "60s")]
    [InlineData("0.25", "250ms")]
    [InlineData("1.5ms", "1500us")]
    [InlineData("1001ns", "1001ns")]
    public void A_delay_is_shown_as_it_could_be_given(string text, string shown)
    {
        Assert.Equal(shown, Delay.Parse(text).ToString());
        Assert.Equal(Delay.Parse(text), Delay.Parse(shown));
    }
}
