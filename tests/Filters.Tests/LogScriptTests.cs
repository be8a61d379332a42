// The log filter's script against its page. Not: its file (LogFilterTests).

using System;
using System.IO;
using NbdFast.Testing;

namespace NbdFast.Filters.Tests;

public sealed class LogScriptTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Output => _folder.File("out");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_script_is_called_for_each_entry_in_order_with_its_variables()
    {
        var plugin = new FakePlugin { Calling = callback => callback == "write" ? Errno.ENOSPC : Errno.Ok };
        string script =
            "echo \"$type|$act|$connection|$id|$offset|$count|$fua|$return|$error|$export|$size|$thread_model\"" +
            $" >>{Output}";
        using (var chain = ChainHarness.Start(plugin, [new LogFilter()], ("logscript", script)))
        {
            Assert.Equal(Errno.Ok, chain.Connect(out _, "a $x 'b'"));
            chain.ReadBytes(512, 1024);
            Assert.Equal(Errno.ENOSPC, chain.Next.Write(new byte[1], 0, RequestFlags.Fua));
        }

        Assert.Equal(
            [
                "PRINT|Ready||||||||||3",
                "PRINT|Fork||||||||||",
                "ENTER|Preconnect||1||||||||",
                "LEAVE|Preconnect||1||||0||||",
                "PRINT|Connect|1||||1|||a $x 'b'|0x100000|",
                "ENTER|Read|1|1|0x200|0x400||||||",
                "LEAVE|Read|1|1||||0||||",
                "ENTER|Write|1|2|0x0|0x1|1|||||",
                "LEAVE|Write|1|2||||-1|ENOSPC|||",
                "PRINT|Disconnect|1|||||||||",
            ],
            File.ReadAllLines(Output));
    }

    [Fact]
    public void Lists_reach_the_script_whole()
    {
        // "${exports[*]}" is all of a bash array; a shell without arrays has the words as one text.
        var plugin = new FakePlugin { Exports = ["one", "two 2"] };
        string script = $"test $act/$type = ListExports/LEAVE || exit 7; echo \"${{exports[*]}}\" >>{Output}";
        using (var chain = ChainHarness.Start(plugin, [new LogFilter()], ("logscript", script)))
            Assert.Equal(Errno.Ok, chain.ListExports(new ExportList()));
        if (File.Exists("/bin/bash"))
            Assert.Equal(["one two 2"], File.ReadAllLines(Output));
    }

    [Theory]
    [InlineData("exports=(\"\" a \"b c\")", "exports='\"\" a \"b c\"'")]
    [InlineData("exports=(it's)", "exports='it'\\''s'")]
    [InlineData("extents=()", "extents=''")]
    [InlineData("offset=0x0 count=0x200", "offset=0x0 count=0x200")]
    [InlineData("export=\"a=(b)\" tls=0", "export=\"a=(b)\" tls=0")]
    [InlineData("", "")]
    public void A_shell_without_arrays_gets_lists_as_one_word(string fields, string expected) =>
        Assert.Equal(expected, ShellText.WithoutArray(fields));

    [Fact]
    public void A_script_that_fails_does_not_hinder_requests()
    {
        using var chain = ChainHarness.Open(new FakePlugin(), [new LogFilter()], ("logscript", "exit 3"));
        chain.ReadBytes(0, 512);
        Assert.Equal(Errno.Ok, chain.Next.Flush());
    }

    [Fact]
    public void The_script_reads_nothing_from_standard_input()
    {
        string script = $"read line; echo \"$act got '$line'\" >>{Output}";
        ChainHarness.Start(new FakePlugin(), [new LogFilter()], ("logscript", script)).Dispose();
        Assert.Equal(["Ready got ''", "Fork got ''"], File.ReadAllLines(Output));
    }

    [Fact]
    public void File_and_script_may_be_given_together()
    {
        ChainHarness.Start(
            new FakePlugin(),
            [new LogFilter()],
            ("logscript", $"echo $act >>{Output}"), ("logfile", _folder.File("log"))).Dispose();
        Assert.Equal(["Ready", "Fork"], File.ReadAllLines(Output));
        Assert.Equal(2, File.ReadAllLines(_folder.File("log")).Length);
    }
}
