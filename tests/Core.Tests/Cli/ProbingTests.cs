// The answers of --help, --version, --dump-config, --dump-plugin and the lists of options. Not: that they reach
// standard output (Interop).

using System;
using System.Collections.Generic;
using System.IO;
using System.Text.RegularExpressions;
using NbdFast.Chain;
using NbdFast.Cli;
using NbdFast.Testing;
using Xunit;

namespace NbdFast.Core.Tests.Cli;

public sealed class ProbingTests
{
    [Fact]
    public void The_version_is_that_of_the_build_file()
    {
        string build = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "Directory.Build.props"));
        Assert.Equal(Release.Own, Regex.Match(build, "<VersionPrefix>(.*)</VersionPrefix>").Groups[1].Value);
        Assert.StartsWith($"{Release.NbdkitMajor}.{Release.NbdkitMinor}.", Release.Nbdkit, StringComparison.Ordinal);
    }

    [Fact]
    public void The_version_is_a_name_and_a_number_as_nbdkits() =>
        Assert.Matches(@"\Anbdfast 1\.48\.\d+\n\z", VersionText.Write(Parse("-V")));

    [Fact]
    public void The_version_names_the_units() =>
        Assert.EndsWith($"\nnull {Release.Nbdkit}\n", VersionText.Write(Parse("-V null")), StringComparison.Ordinal);

    [Theory]
    [InlineData("--version nosuch")]
    [InlineData("--help nosuch")]
    public void A_question_about_an_unknown_plugin_fails(string line)
    {
        UsageException e = Assert.Throws<UsageException>(() => Probing.Answer(Parse(line)));
        Assert.StartsWith("error: cannot open plugin 'nosuch': ", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_question_about_an_unknown_filter_fails()
    {
        UsageException e = Assert.Throws<UsageException>(() => Probing.Answer(Parse("-V --filter=nosuch null")));
        Assert.StartsWith("error: cannot open filter 'nosuch': ", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_shows_every_option()
    {
        foreach (OptionId id in Enum.GetValues<OptionId>())
            Assert.True(Shows(id), $"{id} is not shown");
    }

    [Fact]
    public void Help_about_a_unit_shows_its_name_and_parameters()
    {
        string help = Help.Write(Parse("null --help"));
        UnitTable table = UnitCatalogue.FindPlugin("null");
        Assert.Contains($"\nplugin: null ({table.LongName})\n", help, StringComparison.Ordinal);
        Assert.EndsWith(table.ConfigHelp.TrimEnd('\n') + "\n", help, StringComparison.Ordinal);
        Assert.Contains("size=", table.ConfigHelp, StringComparison.Ordinal);
    }

    [Fact]
    public void The_configuration_has_nbdkits_keys_in_order()
    {
        string config = DumpConfig.Write();
        string[] lines = config.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(lines, line => Assert.Matches("^[a-z_]+=", line));
        string[] keys = Array.ConvertAll(lines, line => line[..line.IndexOf('=')]);
        string[] sorted = [.. keys];
        Array.Sort(sorted, StringComparer.Ordinal);
        Assert.Equal(sorted, keys);
        string[] expected =
        [
            "binary", "bindir", "exit_with_parent", "filterdir", "host_cpu", "host_os", "libdir", "mandir", "name",
            "plugindir", "root_tls_certificates_dir", "sbindir", "selinux", "sysconfdir", "tls", "version",
            "version_major", "version_minor", "zstd",
        ];
        Assert.Subset(new HashSet<string>(keys), new HashSet<string>(expected));
        Assert.Contains("version_major=1\nversion_minor=48\n", config, StringComparison.Ordinal);
    }

    [Fact]
    public void A_plugin_is_dumped_with_nbdkits_keys()
    {
        string dump = Dump("null size=1M");
        Assert.Matches(
            @"\Apath=.*\nname=null\nversion=1\.48\.\d+\napi_version=2\nstruct_size=384\nmax_thread_model=parallel\n" +
            @"thread_model=parallel\nerrno_is_preserved=1\nmagic_config_key=size\n(has_\w+=1\n)+",
            dump);
        Assert.Contains("\nhas_pread=1\n", dump, StringComparison.Ordinal);
        Assert.Contains("\nhas_zero=1\n", dump, StringComparison.Ordinal);
    }

    [Fact]
    public void A_dump_takes_parameters_but_does_not_ask_for_the_missing()
    {
        Assert.StartsWith("path=", Dump("memory"), StringComparison.Ordinal);
        Assert.Throws<ConfigException>(() => Dump("memory size=x"));
        Assert.Throws<ConfigException>(() => Dump("null foo=1"));
    }

    [Fact]
    public void The_lists_of_options_have_them_all_but_themselves()
    {
        string letters = OptionList.Short().Replace('\n', ' ');
        Assert.Equal("-4 -6 -D -e -f -g -i -n -o -P -p -r -s -t -U -u -v -V ", letters);
        string names = OptionList.Long();
        Assert.Contains("--name\n", names, StringComparison.Ordinal);
        Assert.Contains("--dump-config\n", names, StringComparison.Ordinal);
        Assert.Contains("--tls\n", names, StringComparison.Ordinal);
        Assert.Contains("--swap\n", names, StringComparison.Ordinal);
    }

    private static bool Shows(OptionId id)
    {
        foreach (OptionSpelling spelling in OptionTable.Spellings)
            if (spelling.Id == id && Help.Usage.Contains("--" + spelling.Long, StringComparison.Ordinal))
                return true;
        return false;
    }

    private static string Dump(string line)
    {
        Options options = Parse(line + " --dump-plugin");
        ChainConfig chain = Startup.Load(options);
        try
        {
            Parameters.Apply(chain, options.Parameters);
            return DumpPlugin.Write(chain);
        }
        finally
        {
            ChainLifecycle.Dispose(chain);
        }
    }

    private static Options Parse(string line) => CommandLine.Parse(line.Split(' '));
}
