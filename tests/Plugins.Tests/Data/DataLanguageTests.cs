// The language of the data parameter, form by form: what bytes come of it. Not: what is wrong (DataMistakeTests), files
// and scripts (DataSourceTests).

using System;
using System.Globalization;

namespace NbdFast.Plugins.Tests.Data;

public sealed class DataLanguageTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData(" \t\n\v\f\r ", "")]
    [InlineData("0 1 2 3", "00010203")]
    [InlineData("1\t2\n3", "010203")]
    [InlineData("255 0xff 0XFF 0377 010 00 0", "ffffffff080000")]
    [InlineData("1\"a\"(2)0x3\"b\"", "0161020362")]
    public void Bytes_are_decimal_octal_or_hexadecimal(string expression, string bytes) =>
        Assert.Equal(bytes, DataDisk.Hex(expression));

    [Theory]
    [InlineData("le16:0x1234 be16:0x1234", "34121234")]
    [InlineData("le32:0x12345678 be32:0x12345678", "7856341212345678")]
    [InlineData("le64:0x123456789abcdef0 be64:0x123456789abcdef0", "f0debc9a78563412123456789abcdef0")]
    [InlineData("be32:0x1", "00000001")]
    [InlineData("le16:65535 le32:4294967295 be64:18446744073709551615", "ffffffffffffffffffffffffffff")]
    [InlineData("be16:010 be16:0", "00080000")]
    [InlineData("le16:1*2 le16:0x102[1:] be16:1\"x\"(2)", "010001000100017802")]
    public void Words_have_16_32_or_64_bits_and_either_order(string expression, string bytes) =>
        Assert.Equal(bytes, DataDisk.Hex(expression));

    [Theory]
    [InlineData("base64:MTIz", "313233")]
    [InlineData("base64:MTI= 1", "313201")]
    [InlineData("base64:MQ==*2", "3131")]
    [InlineData("base64:MTIz[1:]", "3233")]
    [InlineData("base64: 1", "01")]
    [InlineData("base64:+/+/", "fbffbf")]
    public void Base64_is_decoded(string expression, string bytes) =>
        Assert.Equal(bytes, DataDisk.Hex(expression));

    [Theory]
    [InlineData("\"\"", "")]
    [InlineData("\"abc\"\"d\"", "61626364")]
    [InlineData("\"a\nb\"", "610a62")]
    [InlineData("\"# ( ) * [ $x \\\\x\"", "2320282029202a205b202478205c78")]
    [InlineData("\"\u00e9\u20ac\"", "c3a9e282ac")]
    [InlineData(@"""\a\b\t\n\v\f\r""", "0708090a0b0c0d")]
    [InlineData(@"""\\\""\'\?\q\e""", "5c22273f7165")]
    [InlineData(@"""\x41\x414\xfF""", "414134ff")]
    [InlineData(@"""\0\1\12\1234\377\08""", "00010a5334ff0038")]
    [InlineData(@"""\u0041\u20ac\U0001F600""", "41e282acf09f9880")]
    [InlineData("\"\\\n\"", "0a")]
    public void Strings_have_the_escapes_of_C(string expression, string bytes) =>
        Assert.Equal(bytes, DataDisk.Hex(expression));

    [Theory]
    [InlineData("1 @4 2", "0100000002")]
    [InlineData("@0x4 1 @2 9 @010", "0000090001000000")]
    [InlineData("1 @+3 2 @-2 3", "0100000302")]
    [InlineData("1@3 2", "01000002")]
    [InlineData("1 @+ 2 @- 1 @^ 4", "01000000")]
    [InlineData("1 @^4 2 @^4 @^1 @^4", "0100000002000000")]
    [InlineData("1 2 3 @1 9", "010903")]
    [InlineData("1 2 3 @1", "010203")]
    [InlineData("@5 @0", "0000000000")]
    [InlineData("1 2 3 4 5 6 7 8 @6 le32:0 @0 0 0", "00000304050600000000")]
    [InlineData("1 2 3 4 @-4 5 @1 \"ab\" @2 6", "05610604")]
    [InlineData("@1s @-510 1 @+0", "000001 00*509")]
    [InlineData("@1k @0 1*1024", "01*1024")]
    [InlineData("@4be16:1", "000000000001")]
    [InlineData("@0b 1", "01")]
    public void An_offset_moves_to_a_place_on_back_and_to_an_alignment(string expression, string bytes) =>
        Assert.Equal(Long(bytes), DataDisk.Hex(expression));

    [Theory]
    [InlineData("()", "")]
    [InlineData("( 1 (2 3) ((4)) )", "01020304")]
    [InlineData("1 (@2 2) 3", "0100000203")]
    [InlineData("1 (@^4) 2 (3 @^4) 4", "01020300000004")]
    [InlineData("(1 2 3 @1) 7", "01020307")]
    [InlineData("1 2 3 4 @0 (9 @3)", "09000004")]
    [InlineData("1 2 3 4 @0 (@2 9)", "00000904")]
    [InlineData("1 2 3 4 @0 (@3)", "00000004")]
    [InlineData("1 2 3 4 @0 0*3", "00000004")]
    [InlineData("1 2 3 4 @1 ((5 @4)*2)[3:6]", "01000500")]
    public void A_group_has_offsets_of_its_own_and_brings_its_zeroes(string expression, string bytes) =>
        Assert.Equal(bytes, DataDisk.Hex(expression));

    [Theory]
    [InlineData("1*3 2*0 3*1", "01010103")]
    [InlineData("1 * 3", "010101")]
    [InlineData("1 # one\n* 3", "010101")]
    [InlineData("1*2*3", "010101010101")]
    [InlineData("(1 2)*0x2 3*010", "010201020303030303030303")]
    [InlineData("\"ab\"*2\"c\"", "6162616263")]
    [InlineData("((1 @2)*2 3)*2", "01000100030100010003")]
    [InlineData("0*1k 1*1K", "00*1024 01*1024")]
    [InlineData("( 0x55 0xAA )*2048", "55aa*2048")]
    public void Repetitions_repeat_what_is_before_them(string expression, string bytes) =>
        Assert.Equal(Long(bytes), DataDisk.Hex(expression));

    [Theory]
    [InlineData("(1 2 3)[1:2]", "02")]
    [InlineData("(1 2 3)[1:]", "0203")]
    [InlineData("(1 2 3)[:2]", "0102")]
    [InlineData("(1 2 3)[:]", "010203")]
    [InlineData("(1 2 3) [ 0x1 : 02 ]", "02")]
    [InlineData("(1 2 3)[3:] (1 2 3)[1:1] ()[:] 4[:0]", "")]
    [InlineData("(1 2 3)[1:][1:]", "03")]
    [InlineData("(1 2)*2[1:3]", "0201")]
    [InlineData("(1 2)[1:]*2", "0202")]
    [InlineData("(1 2 3)*5[2:13]", "0301020301020301020301")]
    [InlineData("(1 2 3)*5[3:6] 0 (1 2 3)*5[4:6] 0 (1 2 3)*5[2:4]", "010203000203000301")]
    [InlineData("(1 @4 2 @8 3)[2:7] 9", "000002000009")]
    [InlineData("(1 @4 2 @8)[5:8] 9", "00000009")]
    [InlineData("1 (0*1E)[1E:] (@0x7fffffffffffffff)[:0] 2", "0102")]
    public void Slices_cut_what_is_before_them(string expression, string bytes) =>
        Assert.Equal(bytes, DataDisk.Hex(expression));

    [Theory]
    [InlineData("1 -> \\a \\a \\a", "0101")]
    [InlineData("1->\\a\\a\\a", "0101")]
    [InlineData("1 -> \\a \\a->\\b \\b", "01")]
    [InlineData("1 2 -> \\a \\a", "0102")]
    [InlineData("1 -> \\a 2 -> \\a \\a", "02")]
    [InlineData("1 -> \\a (2 -> \\a \\a) \\a", "0201")]
    [InlineData("1 -> \\a (\\a) -> \\b 2 -> \\a \\a \\b", "0201")]
    [InlineData("1 -> \\a (\\a \\a) -> \\a (\\a \\a) -> \\a \\a", "01010101")]
    [InlineData("1*3 -> \\a-b_1 \\a-b_1[1:]*2", "01010101")]
    [InlineData("1 -> \\1 \\1", "01")]
    [InlineData("1 -> \\a- \\a-", "01")]
    [InlineData("1 @4 2 -> \\a @-2 \\a", "01000200")]
    [InlineData("(0x55 0xAA) -> \\s (@0x1fe \\s) -> \\sector \\sector \\sector", "00*510 55aa 00*510 55aa")]
    public void Names_stand_for_values_until_their_scope_ends(string expression, string bytes) =>
        Assert.Equal(Long(bytes), DataDisk.Hex(expression));

    [Theory]
    [InlineData("$v", "0102")]
    [InlineData("$v*2", "01020102")]
    [InlineData("$v[1:] $v$v", "0201020102")]
    [InlineData("1 @3 $w", "01000000000005")]
    [InlineData("9 -> \\x $name", "0909")]
    [InlineData("($inner)*2", "010203010203")]
    [InlineData("$comment 4", "0104")]
    [InlineData("$v#$v", "0102")]
    [InlineData("$empty", "")]
    public void Variables_are_lists_in_the_same_language(string expression, string bytes) => Assert.Equal(
        bytes, DataDisk.Hex(
            expression, ("v", "1 2"), ("w", "@3 5"), ("name", "\\x \\x"), ("inner", "$v 3"), ("comment", "1 # 2"),
            ("empty", "")));

    [Fact]
    public void The_environment_is_asked_for_what_is_no_parameter()
    {
        Assert.NotEmpty(Environment.GetEnvironmentVariable("HOME")!);
        Assert.Equal("07", DataDisk.Hex("$HOME", ("HOME", "7")));
        // A path is no expression, which is said of the variable, so that it was found.
        Assert.Contains("of $HOME", DataDisk.Refusal("$HOME"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("# all", "")]
    [InlineData("1 # ) \" ( \\ \n2", "0102")]
    [InlineData("1#2\n#3\n\n #4\n5", "0105")]
    [InlineData("(1 # )\n2)", "0102")]
    [InlineData("\"#\"#", "23")]
    public void Comments_end_with_their_line(string expression, string bytes) =>
        Assert.Equal(bytes, DataDisk.Hex(expression));

    // "55aa*3 00" is 55aa55aa55aa00.
    private static string Long(string bytes)
    {
        string result = "";
        foreach (string part in bytes.Split(' '))
        {
            string[] factors = part.Split('*');
            int times = factors.Length == 1 ? 1 : int.Parse(factors[1], CultureInfo.InvariantCulture);
            for (int i = 0; i < times; i++)
                result += factors[0];
        }

        return result;
    }
}
