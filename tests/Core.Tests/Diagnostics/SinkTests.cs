// Where messages go. Not: their wording.

using System.IO;
using NbdFast.Diagnostics;
using NbdFast.Testing;
using Xunit;

namespace NbdFast.Core.Tests.Diagnostics;

public sealed class SinkTests
{
    [Theory]
    [InlineData("nbdfast: error: could not parse", "could not parse")]
    [InlineData("nbdfast: memory[1]: error: too large", "memory[1]: too large")]
    [InlineData("nbdfast: disk1: memory[1]: error: an error: twice", "disk1: memory[1]: an error: twice")]
    [InlineData("something else", "something else")]
    public void The_system_log_gets_a_line_without_what_it_says_itself(string line, string logged) =>
        Assert.Equal(logged, SyslogSink.Strip(line, "nbdfast: "));

    [Fact]
    public void A_log_file_is_appended_to()
    {
        using var folder = new TempFolder();
        string path = folder.File("log");
        File.WriteAllText(path, "before\n");
        new FileSink(path).Error("nbdfast: error: ä");
        new FileSink(path).Error("second");
        Assert.Equal("before\nnbdfast: error: ä\nsecond\n", File.ReadAllText(path));
    }

    [Fact]
    public void A_log_file_that_cannot_be_opened_ends_the_start()
    {
        ConfigException e = Assert.Throws<ConfigException>(() => new FileSink("/nonexistent/log"));
        Assert.Equal("--log: /nonexistent/log: No such file or directory", e.Message);
    }
}
