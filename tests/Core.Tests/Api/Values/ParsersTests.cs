// Booleans and integers as the command line has them. Not: which parameter they belong to (the generated binders).

using System;
using System.Globalization;
using NbdFast.Values;

namespace NbdFast.Core.Tests.Api.Values;

public sealed class ParsersTests
{
    [Theory]
    [InlineData("1")]
    [InlineData("true")]
    [InlineData("TRUE")]
    [InlineData("t")]
    [InlineData("yes")]
    [InlineData("Y")]
    [InlineData("on")]
    [InlineData("oN")]
    public void These_words_are_true(string text) => Assert.True(Parsers.ParseBool(text));

    [Theory]
    [InlineData("0")]
    [InlineData("false")]
    [InlineData("False")]
    [InlineData("F")]
    [InlineData("no")]
    [InlineData("n")]
    [InlineData("off")]
    [InlineData("OFF")]
    public void These_words_are_false(string text) => Assert.False(Parsers.ParseBool(text));

    [Theory]
    [InlineData("")]
    [InlineData(" on")]
    [InlineData("on ")]
    [InlineData("2")]
    [InlineData("maybe")]
    [InlineData("00")]
    public void Other_words_are_no_booleans(string text)
    {
        ConfigException error = Assert.Throws<ConfigException>(() => Parsers.ParseBool(text));
        Assert.Equal($"could not decipher boolean ({text})", error.Message);
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("-0", 0)]
    [InlineData("5", 5)]
    [InlineData(" 5", 5)]
    [InlineData("+5", 5)]
    [InlineData("-5", -5)]
    [InlineData("0x10", 16)]
    [InlineData("0XfF", 255)]
    [InlineData("-0x10", -16)]
    [InlineData("010", 8)]
    [InlineData("00", 0)]
    public void A_number_is_decimal_hexadecimal_or_octal(string text, long value)
    {
        Assert.Equal(value, Parsers.ParseInt64(text));
        Assert.Equal((int)value, Parsers.ParseInt32(text));
        Assert.Equal((short)value, Parsers.ParseInt16(text));
    }

    [Theory]
    [InlineData("", "empty string where we expected a number")]
    [InlineData(" ", "empty string where we expected a number")]
    [InlineData("-", "empty string where we expected a number")]
    [InlineData("lalala", "could not parse number: \"lalala\"")]
    [InlineData("--1", "could not parse number: \"--1\"")]
    [InlineData("5 ", "could not parse number: \"5 \": trailing garbage")]
    [InlineData("1k", "could not parse number: \"1k\": trailing garbage")]
    [InlineData("08", "could not parse number: \"08\": trailing garbage")]
    [InlineData("0x", "could not parse number: \"0x\": trailing garbage")]
    [InlineData("0xfg", "could not parse number: \"0xfg\": trailing garbage")]
    [InlineData("1e3", "could not parse number: \"1e3\": trailing garbage")]
    [InlineData("99999999999999999999x", "could not parse number: \"99999999999999999999x\": trailing garbage")]
    [InlineData(
        "18446744073709551616", "could not parse number: \"18446744073709551616\": Numerical result out of range")]
    public void What_is_no_number_is_refused_with_the_reason(string text, string message)
    {
        Assert.Equal(message, Assert.Throws<ConfigException>(() => Parsers.ParseInt64(text)).Message);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("-0")]
    [InlineData(" -5")]
    public void An_unsigned_number_has_no_minus_sign(string text)
    {
        const string Message = "negative numbers are not allowed";
        Assert.Equal(Message, Assert.Throws<ConfigException>(() => Parsers.ParseByte(text)).Message);
        Assert.Equal(Message, Assert.Throws<ConfigException>(() => Parsers.ParseUInt16(text)).Message);
        Assert.Equal(Message, Assert.Throws<ConfigException>(() => Parsers.ParseUInt32(text)).Message);
        Assert.Equal(Message, Assert.Throws<ConfigException>(() => Parsers.ParseUInt64(text)).Message);
    }

    [Fact]
    public void Each_type_takes_its_whole_range_and_no_more()
    {
        Assert.Equal(sbyte.MinValue, Parsers.ParseSByte("-128"));
        Assert.Equal(sbyte.MaxValue, Parsers.ParseSByte("127"));
        Assert.Equal(byte.MaxValue, Parsers.ParseByte("255"));
        Assert.Equal(short.MinValue, Parsers.ParseInt16("-32768"));
        Assert.Equal(short.MaxValue, Parsers.ParseInt16("32767"));
        Assert.Equal(ushort.MaxValue, Parsers.ParseUInt16("65535"));
        Assert.Equal(int.MinValue, Parsers.ParseInt32("-2147483648"));
        Assert.Equal(int.MaxValue, Parsers.ParseInt32("2147483647"));
        Assert.Equal(uint.MaxValue, Parsers.ParseUInt32("4294967295"));
        Assert.Equal(long.MinValue, Parsers.ParseInt64("-9223372036854775808"));
        Assert.Equal(long.MaxValue, Parsers.ParseInt64("9223372036854775807"));
        Assert.Equal(ulong.MaxValue, Parsers.ParseUInt64("18446744073709551615"));
        Assert.Equal(ulong.MaxValue, Parsers.ParseUInt64("0xffffffffffffffff"));

        AssertOutOfRange("-129", text => Parsers.ParseSByte(text));
        AssertOutOfRange("128", text => Parsers.ParseSByte(text));
        AssertOutOfRange("256", text => Parsers.ParseByte(text));
        AssertOutOfRange("-32769", text => Parsers.ParseInt16(text));
        AssertOutOfRange("32768", text => Parsers.ParseInt16(text));
        AssertOutOfRange("65536", text => Parsers.ParseUInt16(text));
        AssertOutOfRange("-2147483649", text => Parsers.ParseInt32(text));
        AssertOutOfRange("2147483648", text => Parsers.ParseInt32(text));
        AssertOutOfRange("4294967296", text => Parsers.ParseUInt32(text));
        AssertOutOfRange("-9223372036854775809", text => Parsers.ParseInt64(text));
        AssertOutOfRange("9223372036854775808", text => Parsers.ParseInt64(text));
        AssertOutOfRange("0x10000000000000000", text => Parsers.ParseUInt64(text));
    }

    private static void AssertOutOfRange(string text, Func<string, object> parse)
    {
        ConfigException error = Assert.Throws<ConfigException>(() => parse(text));
        string expected = string.Create(
            CultureInfo.InvariantCulture,
            $"could not parse number: \"{text}\": Numerical result out of range");
        Assert.Equal(expected, error.Message);
    }
}
