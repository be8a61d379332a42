// What scripts read: --help, --dump-plugin, --dump-config, lists of options, --run. Not: servers (ServedTests).

using System;
using System.Collections.Generic;
using System.Linq;
using NbdFast.Testing;

namespace NbdFast.Parity;

public sealed class PrintedTests
{
    // Of the build, the file or the C structures that only nbdkit has.
    private static readonly string[] OnlyNbdkit =
    [
        "path", "api_version", "struct_size", "errno_is_preserved", "has_load", "has_unload", "has_dump_plugin",
        "has_config", "has_config_complete", "has_config_help", "has_get_ready", "has_open", "has_close",
        "has_get_size", "has__pread_v1", "filterdir", "plugindir", "libdir", "mandir", "sbindir", "bindir",
        "sysconfdir",
    ];

    // Of the help of nbdkit 1.32: a slip of its own, and a name that 1.46 changed and nbdfast still takes.
    private static readonly string[] OnlyInHelpOfNbdkit = ["fadise", "cache"];

    [Theory]
    [InlineData("memory --dump-plugin")]
    [InlineData("null --dump-plugin")]
    [InlineData("zero --dump-plugin")]
    [InlineData("full --dump-plugin")]
    [InlineData("pattern --dump-plugin")]
    [InlineData("iso --dump-plugin")]
    [InlineData("linuxdisk --dump-plugin")]
    [InlineData("info --dump-plugin")]
    [InlineData("random --dump-plugin")]
    [InlineData("sparse-random --dump-plugin")]
    [InlineData("file --dump-plugin")]
    [InlineData("--dump-config")]
    public void A_dump_has_the_keys_that_scripts_look_for(string arguments)
    {
        (CommandResult nbdkit, CommandResult nbdfast) = Twins.Run(arguments);
        IEnumerable<string> missing = Keys(nbdkit.Succeeded()).Except(Keys(nbdfast.Succeeded())).Except(OnlyNbdkit)
            .Where(key => !key.StartsWith("has_can_", StringComparison.Ordinal));
        Assert.Empty(missing);
    }

    [Theory]
    [InlineData("memory --dump-plugin", "name", "thread_model", "max_thread_model", "magic_config_key")]
    [InlineData("file --dump-plugin", "name", "thread_model", "max_thread_model", "magic_config_key")]
    [InlineData("--dump-config", "host_cpu", "name")]
    public void A_dump_has_the_same_values(string arguments, params string[] keys)
    {
        (CommandResult nbdkit, CommandResult nbdfast) = Twins.Run(arguments);
        Assert.Equal(Values(nbdkit, keys), Values(nbdfast, keys));
    }

    [Theory]
    [InlineData("memory --help")]
    [InlineData("file --help")]
    [InlineData("pattern --help")]
    [InlineData("iso --help")]
    [InlineData("linuxdisk --help")]
    [InlineData("info --help")]
    [InlineData("random --help")]
    [InlineData("sparse-random --help")]
    [InlineData("--filter=cow --filter=offset memory --help")]
    [InlineData("--filter=delay null --help")]
    [InlineData("--filter=log null --help")]
    [InlineData("--filter=fua --filter=nozero --filter=noextents null --help")]
    public void Help_names_the_same_parameters(string arguments)
    {
        (CommandResult nbdkit, CommandResult nbdfast) = Twins.Run(arguments);
        Assert.Empty(
            Parameters(nbdkit.Succeeded()).Except(Parameters(nbdfast.Succeeded())).Except(OnlyInHelpOfNbdkit));
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("--short-options")]
    [InlineData("--long-options")]
    public void All_options_are_known(string arguments)
    {
        (CommandResult nbdkit, CommandResult nbdfast) = Twins.Run(arguments);
        Assert.Empty(Options(nbdkit.Succeeded()).Except(Options(nbdfast.Succeeded())));
    }

    [Fact]
    public void The_version_is_one_line_of_name_and_number()
    {
        (CommandResult nbdkit, CommandResult nbdfast) = Twins.Run("--version");
        Assert.Matches("^PROGRAM [0-9]+[.][0-9]+[.][0-9]+$", nbdkit.Succeeded());
        Assert.Matches("^PROGRAM [0-9]+[.][0-9]+[.][0-9]+$", nbdfast.Succeeded());
    }

    [Theory]
    [InlineData("exit 3", 3)]
    [InlineData("kill -9 $$", 137)]
    [InlineData("kill -15 $$", 143)]
    [InlineData("echo $uri $nbd $unixsocket $port $exportname $tls")]
    [InlineData("set | grep -E \"^(uri|nbd|unixsocket|exportname|port|tls)=\" | sort")]
    [InlineData("env | grep -cE \"^(uri|nbd|unixsocket|exportname|port)=\"", 1)]
    public void A_captive_command_finds_the_same(string script, int exitCode = 0) =>
        Twins.RunAlike($"-U - -e \"it's a name\" memory 1M --run '{script}'", exitCode: exitCode);

    private static IEnumerable<string> Keys(string dump) => dump.Split('\n').Select(line => line.Split('=')[0]);

    private static IEnumerable<string> Values(CommandResult dump, string[] keys) =>
        dump.Succeeded().Split('\n').Where(line => keys.Contains(line.Split('=')[0])).Order(StringComparer.Ordinal);

    // A parameter begins its line, its value follows the equals sign.
    private static IEnumerable<string> Parameters(string help) => help.Split('\n')
        .Select(line => line.Split('=')[0].Trim())
        .Where(word => word.Length > 0 && word.All(letter => char.IsAsciiLetterLower(letter) || letter is '-' or '_'));

    private static IEnumerable<string> Options(string text) =>
        text.Split([' ', '\n', '[', ']', '|', '='], StringSplitOptions.RemoveEmptyEntries)
            .Where(word => word.StartsWith('-') && word.Trim('-').Length > 0);
}
