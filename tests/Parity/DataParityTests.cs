// The same expressions under both programs: the same disk, the same holes, the same refusals. Not: what only nbdfast,
// or only the newer nbdkit takes (Plugins.Tests).

using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using NbdFast.Testing;

namespace NbdFast.Parity;

public sealed class DataParityTests
{
    // nbdkit's holes have this granularity, nbdfast's a finer one.
    private const ulong HoleBytes = 32768;

    private const string Tell = """
        printf 'FILE' >f; truncate -s 300k g; printf x | dd of=g bs=1 seek=100000 conv=notrunc status=none
        export ev='7 8'
        while IFS= read -r -d '' e; do
            echo "= $e"
            timeout 60 PROGRAM -U - data data="$e" v='1 2' a_b=3 u='\a' fv='<f' \
                --run 'nbdcopy "$uri" - | sha256sum' 2>/dev/null || echo "exit $?"
        done <expressions
        """;

    // Without scripts that print until SIGPIPE ends them: nbdkit lets them ignore it if whoever started it does.
    private static readonly string[] Expressions =
    [
        "", " ", "0 1 2", "1*3", "(1)(2)", "1*2*3", "\"a\"\"b\"", "1(2)", "12\"x\"", "010", "0xFf 0X1", "1\t2\n3",
        "@010", "1 @+3", "1@3 2", "1 @^4 2", "@+ 3", "@-0", "@5 @0", "@5 1 @-3", "1 2 3 @1 9", "1 2 3 @1", "1 @0 2",
        "le16:0x1234 be16:0x1234 le32:7 be32:0x1 le64:1 be64:0x123456789abcdef0", "be16:012",
        "be64:18446744073709551615",
        "le16:0x102 [1:]", "<f", "<f*2", "<f[:2]", "( <f)", "(<f )", "<f[:2]*2", "<f[:9]", "<f[2:9]", "(<f)[:9]",
        "$fv[:9]", "<f[9:]", "<g", "<g*3", "<g[99990:100010]", "1 <g @^4096 <g", "<f -> \\f \\f \\f", "<(echo hi)",
        "<(echo hi)*2", "<( printf \"(a)\" )", "<(yes)[:10]", "(<(yes))[:10]", "<(printf hi; exit 3)[:2]",
        "<(printf abcd)[1:3]", "<(echo hi) -> \\a \\a", "<( )", "</dev/zero[2:4]", "</dev/null 1",
        "\"\\e\\a\\b\\f\\v\\r\\?\\n\\t\\\\\\\"\\'\\q\"", "\"\\x41\\x414\"", "\"\u00e9\"", "\"a\nb\"", "\"\"*3",
        "\"abc\"[1:]",
        "()", "( )*5", "(@4)", "(@4)*2 1", "( 1 @4 )*2", "1*0 2", "1*0x10", "1*010", "(1 2 3)[1:]", "(1 2 3)[:2]",
        "(1 2 3)[1:2]", "(1 2 3)[:]", "(1 2 3)[3:]", "(1 2 3) [1:2]", "(1 2 3)[0x1:02]", "(1 2 3)[1:][1:]",
        "(1 2)*2[1:3]", "(1 2)[1:]*2", "()[:0]", "\"\"[0:0]", "1[:0]", "$v", "$v*2", "$v$v", "$ev", "$a_b", "$v[:1]*2",
        "$v -> \\c \\c", "1 -> \\a \\a \\a", "1->\\a \\a", "1 -> \\a (\\a 2)", "1 -> \\a 2 -> \\a \\a",
        "1 -> \\a (2 -> \\a \\a) \\a", "1 -> \\a \\a*3", "1 -> \\a-b \\a-b", "1 -> \\a \\a -> \\b \\b",
        "1 -> \\a (\\a) -> \\b 2 -> \\a \\b", "(1 -> \\a) 2", "1 -> \\a $u", "(@3) -> \\a \\a", "1 -> \\a- \\a-",
        "1 -> \\x @4 \\x", "# c", "1 # c\n2", "1 #( \n2", "\"#\"", "(1 # )\n2)", "1#2", "$v#x", "1 # x\n*3",
        "(1 2 3 @1)*2", "((1 2 3 @1) 7)", "1 (@^4) 2", "1 (3 @^4) 2", "1 2 3 4 @0 (9 @3)", "1 2 3 4 @0 (@2 9)",
        "1 2 3 4 @0 (@40000 9) @0", "1 2 3 4 @0 ((@3)*2)", "1 2 3 4 @0 0*3", "1 2 3 4 @0 (9 @3)[:2]",
        "(0x55 0xAA)*2048", "( \"Hello\" )*2000", "0 1 2 3 @0x1fe 0x55 0xaa", "0 1 2 3 @^0x200 @-2 le16:0xaa55",
        "<f @^512 <g @^512 <f @^512",
        "( 0x55 0xAA ) -> \\boot-signature ( @0x1fe \\boot-signature ) -> \\sector \\sector \\sector",
        "@0x1be 0 0 2 0 0x83 0x20 0x20 0 le32:1 le32:0x7ff @0x1fe 0x55 0xaa", "(1 2 3)*100000", "((1 @5)*1000 2)*1000",
        // Refused by both.
        "256", "-1", "0x1g", "1k", "1,2", "@-1", "1 @-2", "1 @^0", "1 @^3", "@--1", "le16:0x10000", "be32:-1", "le16:",
        "le8:1", "LE16:1", "b", "< f", "<nofile", "<.", "<(exit 3)", "<(printf \")\")", "<(echo (a)", "<", "<(",
        "\"abc",
        "\"\\x4g\"", "(1", ")", "((1)", "*3", "1*", "1*-1", "(1 2 3)[2:1]", "(1 2 3)[1:9]", "(1 2 3)[9:]", "[1:2]",
        "(1 2 3)[1]", "@3[1:]", "@3*2", "$w", "${v}", "$", "$1", "1 -> a", "-> \\a", "\\a", "(1 -> \\a \\a) \\a",
        "1 -> \\\u00e9 1", "+1", "1.5", "'a'", "1;2", "!", "\\", "1*x", "1[", "1[:", "1[x:]", "1[0:1", "$v-w", "(1)*",
    ];

    [Fact]
    public void An_expression_gives_the_same_disk_or_is_refused()
    {
        Requires.Tools("nbdkit", "nbdinfo", "nbdcopy");
        List<string> differences = [];
        string[] nbdkit = Answers("nbdkit");
        string[] nbdfast = Answers("nbdfast");
        Assert.Equal(Expressions.Length, nbdkit.Length);
        Assert.Equal(nbdkit.Length, nbdfast.Length);
        for (int i = 0; i < nbdkit.Length; i++)
            if (nbdkit[i] != nbdfast[i])
                differences.Add($"nbdkit: {nbdkit[i]}\nnbdfast: {nbdfast[i]}");
        Assert.True(differences.Count == 0, string.Join('\n', differences));
        Assert.InRange(nbdkit.Count(answer => answer.EndsWith("exit 1", StringComparison.Ordinal)), 60, 65);
    }

    [Theory]
    [InlineData("0*100000 1")]
    [InlineData("@100000 1 @200000")]
    [InlineData("(0x55 0xAA)*100000")]
    [InlineData("1 @70000 1 @1000000 0*100000 (1 @100000)*9 2")]
    [InlineData("<g @1048576 <g*4")]
    [InlineData("1 @5000000000000 1 @-1000000000000 1 @3000000000000 \"end\"")]
    [InlineData("1 2 3 @0 0*40000")]
    public void The_same_is_data_and_the_same_is_hole(string expression)
    {
        string before = "truncate -s 300k g; printf x | dd of=g bs=1 seek=100000 conv=notrunc status=none";
        (CommandResult nbdkit, CommandResult nbdfast) =
            Twins.Run($"-U - data '{expression}' --run 'nbdinfo --map \"$uri\"'", before);
        Assert.Equal(DataBlocks(nbdkit.Succeeded()), DataBlocks(nbdfast.Succeeded()));
    }

    [Theory]
    [InlineData("data '( \"Hello\" )*2000' size=8192")]
    [InlineData("data base64=MTIz size=1M")]
    [InlineData("data raw='Hello, world!'")]
    [InlineData("data raw=$'\\xff\\xfe\\x80' size=10")]
    [InlineData("data data='1 2 3' size=2")]
    [InlineData("data 1 size=0")]
    [InlineData("data 1 size=10 size=12")]
    [InlineData("data 1 foo=bar")]
    [InlineData("data '$a' a=1 a=2")]
    [InlineData("data '1*1000 @5000' allocator=malloc")]
    [InlineData("data '\"\\xff'$'\\xfe''\"'")]
    [InlineData("-r data '1 @1048576'")]
    [InlineData("data '<(cat)' <<<hello")]
    [InlineData("data '</dev/stdin' <<<hello")]
    [InlineData("data 1 --run 'nbdinfo --can write $uri; . ./probe'")]
    public void A_disk_looks_the_same(string arguments) => Twins.RunAlike(
        arguments.Contains("--run", StringComparison.Ordinal)
            ? $"-U - {arguments}"
            : arguments.Contains("<<<", StringComparison.Ordinal)
                ? $"-U - --run '. ./probe' {arguments}"
                : $"-U - {arguments} --run '. ./probe | grep -v \"data\\|hole\"'").Nbdkit.Succeeded();

    [Theory]
    [InlineData("data", "raw|base64|data parameter was not specified")]
    [InlineData("data 1 raw=2", "raw|base64|data parameter must be specified exactly once")]
    [InlineData("data 1 2", "raw|base64|data parameter must be specified exactly once")]
    [InlineData("data base64='!!'", "base64: Base64 decoding error")]
    [InlineData("data 1 size=x", "could not parse size string (x)")]
    [InlineData("data 1 allocator=foo", "unknown allocator \"foo\"")]
    [InlineData("data '1 q'", "data parameter: parsing error at offset 2")]
    [InlineData("data 256", "data parameter BYTE must be in the range 0..255")]
    [InlineData("data '1 @-2'", "data parameter @-2 must not be larger than the current offset 1")]
    [InlineData("data '@+-1'", "data parameter after @+ must not be negative")]
    [InlineData("data '@^3'", "data parameter @^3 must be a power of 2")]
    [InlineData("data '<'", "data parameter <FILE not a filename")]
    [InlineData("data '<none'", "none: No such file or directory")]
    [InlineData("data '<(false)'", "external command failed")]
    [InlineData("data '\"abc'", "data parameter: unterminated string")]
    [InlineData("data '\"\\x4\"'", "\\xNN must be followed by exactly two hexadecimal characters")]
    [InlineData("data '(1'", "unmatched '(' in data string")]
    [InlineData("data '1)'", "unmatched ')' in data string")]
    [InlineData("data '*3'", "*N must follow an expression")]
    [InlineData("data '1*'", "*N not numeric")]
    [InlineData("data '[1:]'", "[N:M] must follow an expression")]
    [InlineData("data '@3*2'", "*N cannot be applied to this type of expression")]
    [InlineData("data '(1)[2:]'", "[N:M] does not describe a valid slice")]
    [InlineData("data data='-> \\a'", "-> must follow an expression")]
    [InlineData("data '\\a'", "\\a not defined")]
    [InlineData("data '$none'", "$none: variable not found")]
    [InlineData("data le8:1", "data parameter: expected \"le16/32/64:\" or \"be16/32/64:\"")]
    public void A_mistake_is_refused_in_the_same_words(string arguments, string gist)
    {
        (CommandResult nbdkit, CommandResult nbdfast) = Twins.Run(arguments);
        nbdkit.Failed(1, gist);
        nbdfast.Failed(1, gist);
    }

    [Fact]
    public void The_fields_of_dump_plugin_are_the_same() => Twins.RunAlike(
        "--dump-plugin data | grep -v '^path=\\|version=\\|_size=[0-9]\\|has_longname\\|has_desc'"
        + " | grep -v 'has_\\(un\\)\\?load\\|has_config\\|has_open\\|has_get\\|has_can\\|preserved\\|has_dump'"
        + " | grep '='");

    private static string[] Answers(string program)
    {
        using TempFolder folder = new();
        System.IO.File.WriteAllText(
            folder.File("expressions"), string.Concat(Expressions.Select(text => text + "\0")),
                new UTF8Encoding(false));
        string answers = ShellCommand.Run(
            Tell.Replace("PROGRAM", program, StringComparison.Ordinal), folder: folder.Path).Succeeded();
        return [.. $"\n{answers}".Split("\n= ", StringSplitOptions.None)[1..]];
    }

    // The blocks of nbdkit's granularity that have any data.
    private static string DataBlocks(string map)
    {
        SortedSet<ulong> blocks = [];
        foreach (string line in map.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words[2] != "0")
                continue;
            ulong start = ulong.Parse(words[0], CultureInfo.InvariantCulture);
            ulong end = start + ulong.Parse(words[1], CultureInfo.InvariantCulture);
            for (ulong block = start / HoleBytes; block * HoleBytes < end; block++)
                blocks.Add(block);
        }

        return string.Join(' ', blocks);
    }
}
