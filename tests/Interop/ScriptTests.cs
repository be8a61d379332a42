// Executable files with the program as their interpreter. Not: scripts of scripting plugins, which need such a plugin.

using NbdFast.Testing;

namespace NbdFast.Interop;

public sealed class ScriptTests
{
    public ScriptTests() => Requires.Tools("nbdinfo");

    [Fact]
    public void With_the_plugin_in_its_first_line_a_script_is_the_plugins_first_parameter() => Assert.Equal(
        "512",
        Run("printf '#!%s file\\n' $(command -v nbdfast) >s; truncate -s 512 s; chmod +x s; "
            + "./s -r --run 'nbdinfo --size \"$uri\"'"));

    [SkippableTheory]
    [InlineData("./s --run 'nbdinfo --size \"$uri\"'", "1048576")]
    [InlineData("./s range=64k --run 'nbdinfo --size \"$uri\"'", "65536")]
    [InlineData("-r ./s --run 'nbdinfo --size \"$uri\"; nbdinfo --is read-only \"$uri\"'", "1048576")]
    [InlineData("./s --dump-plugin | grep ^name=", "name=memory")]
    public void A_script_for_env_has_an_argument_on_each_line(string arguments, string expected)
    {
        Skip.If(NativeBinary.IsNbdkit, "nbdkit has no such scripts");
        string call = arguments.StartsWith('-') ? $"nbdfast {arguments}" : arguments;
        Assert.Equal(
            expected,
            Run("printf '%s\\n' '#!/usr/bin/env nbdfast' '# A disk.' --filter=offset '' memory '  2M' offset=1M >s; "
                + $"chmod +x s; {call}"));
    }

    [SkippableFact]
    public void A_plugin_by_a_path_that_is_no_script_is_not_found()
    {
        Skip.If(NativeBinary.IsNbdkit, "nbdkit has no such scripts");
        using TempFolder folder = new();
        ShellCommand.Run("echo memory >s; nbdfast ./s", folder: folder.Path).Failed(1, "cannot open plugin './s'");
    }

    private static string Run(string script)
    {
        using TempFolder folder = new();
        return ShellCommand.Run(script, folder: folder.Path).Succeeded();
    }
}
