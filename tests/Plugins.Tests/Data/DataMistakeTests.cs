// Mistakes in the data parameter: each is told, with its place. Not: what is right (DataLanguageTests).

using System;
using System.Linq;
using NbdFast.Plugins.Data;
using NbdFast.Testing;

namespace NbdFast.Plugins.Tests.Data;

public sealed class DataMistakeTests
{
    [Theory]
    [InlineData("256", "BYTE must be in the range 0..255", 0)]
    [InlineData("1 0x555", "BYTE must be in the range 0..255", 2)]
    [InlineData("1 99999999999999999999", "BYTE is too large", 2)]
    [InlineData("09", "BYTE is not a number", 0)]
    [InlineData("0x", "BYTE is not a number", 0)]
    [InlineData("0x1g", "parsing error", 3)]
    [InlineData("1k", "parsing error", 1)]
    [InlineData("-1", "parsing error", 0)]
    [InlineData("+1", "parsing error", 0)]
    [InlineData("1,2", "parsing error", 1)]
    [InlineData("1.5", "parsing error", 1)]
    [InlineData("'a'", "parsing error", 0)]
    [InlineData("1 ! 2", "parsing error", 2)]
    [InlineData("\u00e9", "parsing error", 0)]
    [InlineData("1\0", "parsing error", 1)]
    [InlineData("le16:0x10000", "WORD does not fit into 16 bits", 0)]
    [InlineData("be64:18446744073709551616", "WORD is too large", 5)]
    [InlineData("le16:", "WORD not numeric", 5)]
    [InlineData("be32:-1", "WORD must not be negative", 5)]
    [InlineData("le16:08", "WORD is not a number", 5)]
    [InlineData("le32:1k", "parsing error", 6)]
    [InlineData("le8:1", "expected \"le16/32/64:\" or \"be16/32/64:\"", 0)]
    [InlineData("b", "expected \"le16/32/64:\" or \"be16/32/64:\"", 0)]
    [InlineData("1 base64", "expected \"le16/32/64:\" or \"be16/32/64:\"", 2)]
    [InlineData("base64:M", "Base64 decoding error", 0)]
    [InlineData("base64:MQ=A", "Base64 decoding error", 0)]
    [InlineData("LE16:1", "parsing error", 0)]
    public void A_mistake_in_bytes_and_words_is_told_with_its_place(
        string expression, string message, int offset) =>
        CheckMistake(expression, message, offset);

    [Theory]
    [InlineData("@", "@OFFSET not numeric", 1)]
    [InlineData("@-1", "@-1 must not be larger than the current offset 0", 0)]
    [InlineData("1 @-2", "@-2 must not be larger than the current offset 1", 2)]
    [InlineData("1 (@-1)", "@-1 must not be larger than the current offset 0", 3)]
    [InlineData("@+-1", "after @+ must not be negative", 2)]
    [InlineData("@--1", "after @- must not be negative", 2)]
    [InlineData("1 @^0", "@^0 must be a power of 2", 2)]
    [InlineData("1 @^3", "@^3 must be a power of 2", 2)]
    [InlineData("@1kk", "parsing error", 2)]
    [InlineData("@0x10k", "parsing error", 5)]
    [InlineData("@1y", "unknown suffix", 1)]
    [InlineData("@9223372036854775808", "@OFFSET is too large", 1)]
    [InlineData("@9E", "overflow computing size", 1)]
    [InlineData("<", "<FILE not a filename", 0)]
    [InlineData("1 < f", "<FILE not a filename", 2)]
    [InlineData("<(echo (a)", "parsing error: <( without its )", 0)]
    [InlineData("\"abc", "unterminated string", 0)]
    [InlineData("1 \"abc\\", "unterminated string", 2)]
    [InlineData("\"abc\\\"", "unterminated string", 0)]
    [InlineData("\"\\x4g\"", "\\xNN must be followed by exactly two hexadecimal characters", 1)]
    [InlineData("\"\\x", "\\xNN must be followed by exactly two hexadecimal characters", 1)]
    [InlineData("\"a\\u00\"", "\\uNNNN must be followed by exactly 4 hexadecimal characters", 2)]
    [InlineData("\"\\ud800\"", "there is no such Unicode character", 1)]
    [InlineData("\"\\400\"", "\\NNN must be at most \\377", 1)]
    public void A_mistake_in_offsets_files_and_strings_is_told_with_its_place(
        string expression, string message, int offset) =>
        CheckMistake(expression, message, offset);

    [Theory]
    [InlineData("(1", "unmatched '('", 0)]
    [InlineData("1 ((1)", "unmatched '('", 2)]
    [InlineData("1)", "unmatched ')'", 1)]
    [InlineData("*3", "*N must follow an expression", 0)]
    [InlineData("(*3)", "*N must follow an expression", 1)]
    [InlineData("@3*2", "*N cannot be applied to this type of expression", 2)]
    [InlineData("1*", "*N not numeric", 2)]
    [InlineData("1*x", "*N not numeric", 2)]
    [InlineData("1*-1", "*N must not be negative", 2)]
    [InlineData("[1:2]", "[N:M] must follow an expression", 0)]
    [InlineData("@3[:1]", "[N:M] cannot be applied to this type of expression", 2)]
    [InlineData("(1 2)[1]", "expected the ':' of [N:M]", 7)]
    [InlineData("(1 2)[1:", "[N:M] not numeric", 8)]
    [InlineData("(1 2)[1:2", "expected the ']' of [N:M]", 9)]
    [InlineData("(1 2)[x:]", "[N:M] not numeric", 6)]
    [InlineData("(1 2)[-1:]", "[N:M] must not be negative", 6)]
    [InlineData("(1 2)[2:1]", "[N:M] does not describe a valid slice", 5)]
    [InlineData("(1 2)[:3]", "[N:M] does not describe a valid slice", 5)]
    [InlineData("(1 2)[3:]", "[N:M] does not describe a valid slice", 5)]
    [InlineData("-> \\a", "-> must follow an expression", 0)]
    [InlineData("1 -> \\a -> \\b", "-> must follow an expression", 8)]
    [InlineData("1 -> \\a*2", "*N must follow an expression", 7)]
    [InlineData("@3 -> \\a", "-> cannot be applied to this type of expression", 3)]
    [InlineData("1 -> a", "expected the \\NAME", 5)]
    [InlineData("1 ->", "expected the \\NAME", 4)]
    [InlineData("1 -> \\ a", "expected the name behind \\", 5)]
    [InlineData("1 \\", "expected the name behind \\", 2)]
    [InlineData("\\a", "\\a not defined", 0)]
    [InlineData("(1 -> \\a \\a) \\a", "\\a not defined", 13)]
    [InlineData("$", "expected the name behind $", 0)]
    [InlineData("$1", "a variable's name begins with a letter", 1)]
    [InlineData("${HOME}", "expected the name behind $", 0)]
    [InlineData("1 $no_such_variable", "$no_such_variable: variable not found", 2)]
    [InlineData("1 $itself", "$itself: the variable contains itself", 2)]
    [InlineData("1*9223372036854775807*2", "larger than 2^63-1 bytes", 21)]
    [InlineData("@9223372036854775807 1", "larger than 2^63-1 bytes", 21)]
    [InlineData("1 @+9223372036854775807", "larger than 2^63-1 bytes", 2)]
    public void A_mistake_in_what_surrounds_an_expression_is_told_with_its_place(
        string expression, string message, int offset) =>
        CheckMistake(expression, message, offset);

    [Theory]
    [InlineData("1 2\n3 4\n  5 q6 7\n8", "at offset 12 (line 3, column 5, near 'q6 7')")]
    [InlineData("\"\u20ac\" q", "at offset 6 (line 1, column 5, near 'q')")]
    [InlineData("1 %\n2", "at offset 2 (line 1, column 3, near '%')")]
    [InlineData("1 ! very long text behind it", "at offset 2 (line 1, column 3, near '! very long text beh...')")]
    [InlineData("1 *", "at offset 3 (line 1, column 4, at the end)")]
    [InlineData("1 $v", "at offset 4 of $v (line 2, column 3, near 'q 4')")]
    public void A_place_is_a_line_a_column_and_what_stands_there(string expression, string place) => Assert.EndsWith(
        place, DataDisk.Refusal(expression, ("v", "1\n3 q 4")), StringComparison.Ordinal);

    [Theory]
    [InlineData("raw|base64|data parameter was not specified")]
    [InlineData("raw|base64|data parameter must be specified exactly once", "data", "1", "raw", "2")]
    [InlineData("raw|base64|data parameter must be specified exactly once", "data", "1", "data", "2")]
    [InlineData("raw|base64|data parameter must be specified exactly once", "raw", "2", "base64", "")]
    [InlineData("base64: Base64 decoding error", "base64", "!!")]
    [InlineData("base64: Base64 decoding error", "base64", "MTI")]
    [InlineData("base64: Base64 decoding error", "base64", "MTI=MTIz")]
    [InlineData("size: could not parse size string (x)", "data", "1", "size", "x")]
    [InlineData("allocator: unknown allocator \"foo\"", "data", "1", "allocator", "foo")]
    [InlineData("raw|base64|data parameter was not specified", "foo", "1")]
    public void Parameters_that_do_not_fit_together_are_refused(string message, params string[] parameters)
    {
        (string, string)[] pairs = [.. parameters.Chunk(2).Select(pair => (pair[0], pair[1]))];
        Assert.StartsWith(
            message, Assert.Throws<ConfigException>(() => ChainHarness.Open(new DataPlugin(), pairs)).Message,
            StringComparison.Ordinal);
    }

    private static void CheckMistake(string expression, string message, int offset)
    {
        string refusal = DataDisk.Refusal(expression, ("itself", "$itself"));
        Assert.Contains(message, refusal, StringComparison.Ordinal);
        // A variable that contains itself is found out within itself.
        string place = expression.Contains("$itself", StringComparison.Ordinal)
            ? "at offset 0 of $itself (line 1, column 1, "
            : $"at offset {offset} (line 1, column {offset + 1}, ";
        Assert.Contains(place, refusal, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal);
    }
}
