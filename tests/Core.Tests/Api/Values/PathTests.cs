// Paths that survive a change of directory. Not: opening files.

using System.IO;
using NbdFast.Testing;
using NbdFast.Values;

namespace NbdFast.Core.Tests.Api.Values;

public sealed class PathTests
{
    [Fact]
    public void An_absolute_file_path_stays_as_it_is()
    {
        string path = FilePath.Parse("/a/../b//c");
        Assert.Equal("/a/../b//c", path);
    }

    [Fact]
    public void A_relative_file_path_starts_in_the_current_directory_and_need_not_exist()
    {
        string path = FilePath.Parse("no/such/../file");
        Assert.Equal(Directory.GetCurrentDirectory() + "/no/such/../file", path);
    }

    [Fact]
    public void A_file_path_that_was_not_given_is_empty() => Assert.Equal("", default(FilePath).ToString());

    [Fact]
    public void A_real_path_has_no_links_and_no_dots()
    {
        using TempFolder folder = new();
        string real = RealPath.Parse(folder.Path);   // The folder for temporary files may itself be reached by a link.
        File.WriteAllText(Path.Combine(real, "target"), "");
        File.CreateSymbolicLink(Path.Combine(real, "link"), "target");
        Directory.CreateSymbolicLink(Path.Combine(real, "loop"), ".");

        string path = RealPath.Parse(Path.Combine(folder.Path, "loop/loop/./link"));
        Assert.Equal(Path.Combine(real, "target"), path);
    }

    [Fact]
    public void A_real_path_must_exist()
    {
        ConfigException error = Assert.Throws<ConfigException>(() => RealPath.Parse("/nonexistent/file"));
        Assert.Equal("realpath: /nonexistent/file: No such file or directory", error.Message);
    }

    [Fact]
    public void An_empty_path_is_refused()
    {
        const string Message = "cannot resolve a null or empty path";
        Assert.Equal(Message, Assert.Throws<ConfigException>(() => FilePath.Parse("")).Message);
        Assert.Equal(Message, Assert.Throws<ConfigException>(() => RealPath.Parse("")).Message);
    }
}
