// Probabilities as the command line has them. Not: randomness.

using NbdFast.Values;

namespace NbdFast.Core.Tests.Api.Values;

public sealed class ProbabilityTests
{
    [Theory]
    [InlineData("0", 0.0)]
    [InlineData("-0", 0.0)]
    [InlineData("0.1", 0.1)]
    [InlineData("1e-1", 0.1)]
    [InlineData("10%", 0.1)]
    [InlineData("1:10", 0.1)]
    [InlineData("1/10", 0.1)]
    [InlineData("1:1e1", 0.1)]
    [InlineData("0:5", 0.0)]
    [InlineData(".5", 0.5)]
    [InlineData("+0.5", 0.5)]
    [InlineData(" 0.5", 0.5)]
    [InlineData("0.5%", 0.005)]
    [InlineData("1", 1.0)]
    [InlineData("200%", 2.0)]
    [InlineData("2:1", 2.0)]
    public void A_probability_is_a_number_a_percentage_or_a_ratio(string text, double value)
    {
        double probability = Probability.Parse(text);
        Assert.Equal(value, probability, 1e-12);
        Assert.False(double.IsNegative(probability));
    }

    [Theory]
    [InlineData("", "could not parse probability ''")]
    [InlineData("abc", "could not parse probability 'abc'")]
    [InlineData("5x", "could not parse probability '5x'")]
    [InlineData("0.5 ", "could not parse probability '0.5 '")]
    [InlineData("10%%", "could not parse probability '10%%'")]
    [InlineData("%", "could not parse probability '%'")]
    [InlineData("1%0", "could not parse probability '1%0'")]
    [InlineData("1:", "could not parse probability '1:'")]
    [InlineData(":1", "could not parse probability ':1'")]
    [InlineData("1:2:3", "could not parse probability '1:2:3'")]
    [InlineData("1:10%", "could not parse probability '1:10%'")]
    [InlineData("nan", "could not parse probability 'nan'")]
    [InlineData("1:0", "could not parse probability '1:0': division by zero")]
    [InlineData("0/0", "could not parse probability '0/0': division by zero")]
    [InlineData("-1", "probability out of range: '-1' parsed as -1")]
    [InlineData("1:-2", "probability out of range: '1:-2' parsed as -0.5")]
    [InlineData("1e400", "probability out of range: '1e400' parsed as Infinity")]
    public void What_is_no_probability_is_refused_with_the_reason(string text, string message)
    {
        Assert.Equal(message, Assert.Throws<ConfigException>(() => Probability.Parse(text)).Message);
    }
}
