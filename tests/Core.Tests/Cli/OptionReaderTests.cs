// How options are taken off a command line, against what getopt_long(3) says of nbdkit's options. Not: their meaning.

using System;
using System.Collections.Generic;
using NbdFast.Cli;
using Xunit;

namespace NbdFast.Core.Tests.Cli;

public sealed class OptionReaderTests
{
    [Theory]
    // Letters: alone, with a value in the same or the next argument, bundled.
    [InlineData("-f", "Foreground")]
    [InlineData("-fvr", "Foreground Verbose ReadOnly")]
    [InlineData("-p10", "Port=10")]
    [InlineData("-p 10", "Port=10")]
    [InlineData("-fp10", "Foreground Port=10")]
    [InlineData("-fp 10", "Foreground Port=10")]
    [InlineData("-fU-", "Foreground Unix=-")]
    [InlineData("-fU -", "Foreground Unix=-")]
    [InlineData("-p -f", "Port=-f")]
    [InlineData("-pf", "Port=f")]
    [InlineData("-p=10", "Port==10")]
    [InlineData("-U-f", "Unix=-f")]
    [InlineData("-4 -6", "IPv4Only IPv6Only")]
    [InlineData("-46n", "IPv4Only IPv6Only Newstyle")]
    [InlineData("-V", "Version")]
    [InlineData("-e x -i y -P z -t 1 -D a.b=1", "ExportName=x IpAddress=y PidFile=z Threads=1 Debug=a.b=1")]
    [InlineData("-o -s", "Oldstyle Single")]
    [InlineData("-u a -g b", "User=a Group=b")]
    // Long names: every spelling, with the value after '=' or in the next argument.
    [InlineData("--foreground --no-fork", "Foreground Foreground")]
    [InlineData("--unix=x --unix x", "Unix=x Unix=x")]
    [InlineData("--port 0 --port=0 --port=", "Port=0 Port=0 Port=")]
    [InlineData("--ipaddr=a --ip-addr=b", "IpAddress=a IpAddress=b")]
    [InlineData("--export=a --exportname=b --export-name=c", "ExportName=a ExportName=b ExportName=c")]
    [InlineData("--pidfile=a --pid-file=b", "PidFile=a PidFile=b")]
    [InlineData("--readonly --read-only", "ReadOnly ReadOnly")]
    [InlineData("--newstyle --new-style --oldstyle --old-style", "Newstyle Newstyle Oldstyle Oldstyle")]
    [InlineData("--no-sr --no-structured-replies", "NoStructuredReplies NoStructuredReplies")]
    [InlineData("--no-mc --no-meta-contexts", "NoMetaContexts NoMetaContexts")]
    [InlineData("--keepalive --keep-alive", "Keepalive Keepalive")]
    [InlineData("--single --stdin", "Single Single")]
    [InlineData("--run=a=b", "Run=a=b")]
    [InlineData("--filter --run", "Filter=--run")]
    [InlineData("--tls-verify-peer --tls-psk=a --tls-priority=b --tls-certificates=c",
        "TlsVerifyPeer TlsPsk=a TlsPriority=b TlsCertificates=c")]
    // Shortened.
    [InlineData("--po=10", "Port=10")]
    [InlineData("--verb --vers", "Verbose Version")]
    [InlineData("--exp=a", "ExportName=a")]
    [InlineData("--export-=a", "ExportName=a")]
    [InlineData("--pi=a", "PidFile=a")]
    [InlineData("--rea", "ReadOnly")]
    [InlineData("--no-s --no-f --no-m", "NoStructuredReplies Foreground NoMetaContexts")]
    [InlineData("--ipa=x", "IpAddress=x")]
    [InlineData("--tls=off", "Tls=off")]
    [InlineData("--dump-p --dump-c", "DumpPlugin DumpConfig")]
    [InlineData("--k", "Keepalive")]
    [InlineData("--na=x --ne", "Name=x Newstyle")]
    public void Options_are_understood_in_every_form(string line, string expected) =>
        Assert.Equal((expected, ""), Read(line));

    [Theory]
    [InlineData("null -f size=1M", "Foreground", "null size=1M")]
    [InlineData("null size=1M -p 1 x -v", "Port=1 Verbose", "null size=1M x")]
    [InlineData("-f -- null -v", "Foreground", "null -v")]
    [InlineData("null -- size=1M --run", "", "null size=1M --run")]
    [InlineData("-- -f", "", "-f")]
    [InlineData("-- -- x", "", "-- x")]
    [InlineData("- -f", "Foreground", "-")]
    [InlineData("", "", "")]
    public void Options_and_operands_may_be_mixed_up_to_two_dashes(string line, string options, string operands) =>
        Assert.Equal((options, operands), Read(line));

    [Fact]
    public void Nothing_after_an_operand_is_an_option_if_POSIX_is_to_be_obeyed() =>
        Assert.Equal(("Foreground", "null -v -- x"), Read("-f null -v -- x", stopAtOperand: true));

    [Theory]
    [InlineData("--foo", "unrecognized option '--foo'")]
    [InlineData("--foo=1", "unrecognized option '--foo=1'")]
    [InlineData("-Z", "invalid option -- 'Z'")]
    [InlineData("-fZv", "invalid option -- 'Z'")]
    [InlineData("-p", "option requires an argument -- 'p'")]
    [InlineData("-fU", "option requires an argument -- 'U'")]
    [InlineData("--filter", "option '--filter' requires an argument")]
    [InlineData("--filt", "option '--filter' requires an argument")]
    [InlineData("--version=1", "option '--version' doesn't allow an argument")]
    [InlineData("--dump-plugin=1", "option '--dump-plugin' doesn't allow an argument")]
    [InlineData("--verb=", "option '--verbose' doesn't allow an argument")]
    [InlineData("--ve", "option '--ve' is ambiguous; possibilities: '--verbose' '--version'")]
    [InlineData("--ipv", "option '--ipv' is ambiguous; possibilities: '--ipv4-only' '--ipv6-only'")]
    [InlineData("--ip x",
        "option '--ip' is ambiguous; possibilities: '--ipv4-only' '--ipv6-only' '--ip-addr' '--ipaddr'")]
    [InlineData("--e=a",
        "option '--e=a' is ambiguous; possibilities: '--exit-with-parent' '--export' '--export-name' '--exportname'")]
    [InlineData("--dump", "option '--dump' is ambiguous; possibilities: '--dump-config' '--dump-plugin'")]
    public void A_wrong_option_is_refused_in_the_words_of_getopt(string line, string message)
    {
        UsageException e = Assert.Throws<UsageException>(() => Read(line));
        Assert.Equal(message, e.Message);
        Assert.True(e.ShowsUsage);
    }

    [Fact]
    public void Every_long_name_is_its_own_unambiguous_option()
    {
        foreach (OptionSpelling spelling in OptionTable.Spellings.ToArray())
        {
            string expected = spelling.TakesValue ? $"{spelling.Id}=x" : $"{spelling.Id}";
            Assert.Equal((expected, ""), Read(spelling.TakesValue ? $"--{spelling.Long}=x" : $"--{spelling.Long}"));
        }
    }

    [Fact]
    public void Every_letter_stands_for_one_option()
    {
        var letters = new HashSet<char>();
        foreach (OptionSpelling spelling in OptionTable.Spellings.ToArray())
            if (spelling.Short != '\0')
                Assert.True(letters.Add(spelling.Short), $"-{spelling.Short} twice");
        Assert.Equal("46DPUVefginoprstuv", string.Concat(Sorted(letters)));
    }

    private static SortedSet<char> Sorted(IEnumerable<char> letters) => [.. letters];

    private static (string Options, string Operands) Read(string line, bool stopAtOperand = false)
    {
        string[] arguments = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var reader = new OptionReader(arguments, stopAtOperand);
        var seen = new List<string>();
        while (reader.Next(out OptionId option, out string value))
            seen.Add(TakesValue(option) ? $"{option}={value}" : $"{option}");
        return (string.Join(' ', seen), string.Join(' ', reader.Operands));
    }

    private static bool TakesValue(OptionId id)
    {
        foreach (OptionSpelling spelling in OptionTable.Spellings)
            if (spelling.Id == id)
                return spelling.TakesValue;
        return false;
    }
}
