// What the arguments after the plugin's name become. Not: what units do with them.

using System;
using System.Collections.Generic;
using System.IO;
using NbdFast.Cli;
using NbdFast.Testing;
using Xunit;

namespace NbdFast.Core.Tests.Cli;

public sealed class ParametersTests
{
    [Theory]
    [InlineData("size", "size=1M", "size:1M")]
    [InlineData("size", "1M", "size:1M")]
    [InlineData("size", "1M a=b 2M", "size:1M a:b size:2M")]
    [InlineData("size", "size=", "size:")]
    [InlineData("size", "a=b=c", "a:b=c")]
    [InlineData("size", "a.b-c_d2=1", "a.b-c_d2:1")]
    // What does not begin like a key is a bare value, although there is a '=' in it.
    [InlineData("size", "=1M", "size:=1M")]
    [InlineData("size", "1a=1", "size:1a=1")]
    [InlineData("size", "_a=1", "size:_a=1")]
    [InlineData("file", "./a=b", "file:./a=b")]
    [InlineData("size", "-f", "size:-f")]
    [InlineData("data", "@x", "data:@x")]
    // Without a magic key the first bare argument is a script.
    [InlineData(null, "foo.pl", "script:foo.pl")]
    [InlineData(null, "foo.pl a=b", "script:foo.pl a:b")]
    [InlineData(null, "a=b", "a:b")]
    public void Arguments_become_keys_and_values(string? magicKey, string arguments, string expected) =>
        Assert.Equal(expected, Apply(magicKey, arguments.Split(' ')));

    [Fact]
    public void An_empty_argument_is_an_empty_value() => Assert.Equal("size:", Apply("size", ""));

    [Fact]
    public void Blanks_do_not_belong_to_a_key() => Assert.Equal("data:a b=1", Apply("data", "a b=1"));

    [Theory]
    [InlineData("a=b foo", "foo")]
    [InlineData("foo bar", "bar")]
    public void Other_bare_arguments_are_refused_without_a_magic_key(string arguments, string culprit)
    {
        UsageException e = Assert.Throws<UsageException>(() => Apply(null, arguments.Split(' ')));
        Assert.Equal($"expecting key=value on the command line but got: {culprit}", e.Message);
    }

    [Fact]
    public void A_file_of_parameters_is_read_line_by_line()
    {
        using var folder = new TempFolder();
        string file = Write(folder, "p", "# comment\n\n \t\nsize=1M\nbare value\na=b # no comment\nlast=1");
        string applied = Apply("size", "x=1", "@" + file, "y=2");
        Assert.Equal("x:1 size:1M size:bare value a:b # no comment last:1 y:2", applied);
    }

    [Fact]
    public void A_file_may_name_others_relative_to_itself_or_absolutely()
    {
        using var folder = new TempFolder();
        string absolute = Write(folder, "three", "c=3");
        Write(folder, "sub/two", $"b=2\n@../sub/four\n@{absolute}");
        Write(folder, "sub/four", "d=4\n");
        string file = Write(folder, "one", "a=1\n@sub/two\ne=5\n");
        Assert.Equal("a:1 b:2 d:4 c:3 e:5", Apply(null, "@" + file));
    }

    [Fact]
    public void A_bare_line_at_the_very_first_is_a_script_too()
    {
        using var folder = new TempFolder();
        string file = Write(folder, "p", "run.sh\na=b\n");
        Assert.Equal("script:run.sh a:b", Apply(null, "@" + file));
    }

    [Fact]
    public void A_file_that_is_not_there_is_told()
    {
        ConfigException e = Assert.Throws<ConfigException>(() => Apply("size", "@/nonexistent/p"));
        Assert.Equal("/nonexistent/p: No such file or directory", e.Message);
    }

    [Fact]
    public void Files_that_name_each_other_end_with_a_message()
    {
        using var folder = new TempFolder();
        string file = Write(folder, "p", "@./p\n");
        ConfigException e = Assert.Throws<ConfigException>(() => Apply("size", "@" + file));
        Assert.Contains("more than 16 files of parameters within each other", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("@./a", true)]
    [InlineData("@/a", true)]
    [InlineData("@a", false)]
    [InlineData("a@/b", false)]
    [InlineData("@", false)]
    [InlineData("", false)]
    public void Only_a_path_with_a_slash_names_a_file(string argument, bool isReference) =>
        Assert.Equal(isReference, ParameterFile.IsReference(argument));

    private static string Apply(string? magicKey, params string[] arguments)
    {
        var seen = new List<string>();
        Parameters.Apply((key, value) => seen.Add($"{key}:{value}"), magicKey, arguments);
        return string.Join(' ', seen);
    }

    private static string Write(TempFolder folder, string name, string text)
    {
        string path = Path.Combine(folder.Path, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }
}
