// Files and scripts in the data parameter. Not: the rest of the language (DataLanguageTests).

using System;
using System.IO;
using System.Linq;
using NbdFast.Testing;

namespace NbdFast.Plugins.Tests.Data;

public sealed class DataSourceTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public DataSourceTests() => File.WriteAllText(_folder.File("f"), "FILE");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("<F", "FILE")]
    [InlineData("\"a\"<F \"b\"", "aFILEb")]
    [InlineData("<F*2 (<F)", "FILEFILEFILE")]
    [InlineData("<F[1:3] <F[:2]*2 <F[3:]", "ILFIFIE")]
    [InlineData("<F[:9] (<F)[2:9] $file[:9] <F[9:] <F[9:10]", "FILELEFILE")]
    [InlineData("<F -> \\f \\f \\f[:1] \\f[:9]", "FILEFFILE")]
    [InlineData("(\"x\" <F)*2 (\"x\" <F)[3:]", "xFILExFILELE")]
    [InlineData("\"abcdefgh\" @2 <F @0", "abFILEgh")]
    [InlineData("<F\n<F#\n<F\t", "FILEFILEFILE" + "")]
    public void A_file_is_copied(string expression, string text)
    {
        // "#" may be part of a name, so that the comment needs a blank before it.
        string path = _folder.File("f");
        expression = expression.Replace("<F#", "<F #", StringComparison.Ordinal)
            .Replace("<F", "<" + path, StringComparison.Ordinal);
        Assert.Equal(text, Text(expression, ("file", "<" + path)));
    }

    [Fact]
    public void A_files_name_ends_before_white_space_and_what_is_done_with_it()
    {
        foreach (string name in (string[])["a\"q", "a]", "a>x", "a(x", "a\\x", "a@4", "a$v", "a->x", "a#", "a-"])
        {
            File.WriteAllText(_folder.File(name), "x");
            Assert.Equal("xx", Text($"(<{_folder.File(name)})*2"));
        }
    }

    [Fact]
    public void A_file_that_is_not_there_is_told()
    {
        string path = _folder.File("none");
        Assert.StartsWith(
            $"{path}: No such file or directory at offset 2 (", DataDisk.Refusal($"1 <{path}"),
            StringComparison.Ordinal);
        Assert.StartsWith(
            $"{_folder.Path}: Is a directory at offset 0 (", DataDisk.Refusal($"<{_folder.Path}"),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Holes_of_a_file_stay_holes()
    {
        string path = _folder.File("sparse");
        using (FileStream file = File.Create(path))
        {
            file.SetLength(1L << 40);
            file.Position = 1 << 20;
            file.Write(new byte[4096]);
            file.Position = 8 << 20;
            file.Write([1, 2, 3]);
        }

        using ChainHarness chain = DataDisk.Open($"9 @4k <{path}");
        Assert.Equal((1UL << 40) + 4096, chain.Info.Size);
        Assert.Equal("0+1000 801000+1000", DataDisk.DataExtents(chain));
        Assert.Equal([0, 1, 2, 3, 0], chain.ReadBytes((8 << 20) + 4095, 5));
    }

    [Theory]
    [InlineData("</dev/zero[:4]", "00000000")]
    [InlineData("</dev/zero[2:4] 1 </dev/null", "000001")]
    [InlineData("1 </dev/zero[:1000000][999999:]", "0100")]
    public void A_device_is_read_as_far_as_it_is_needed(string expression, string bytes) =>
        Assert.Equal(bytes, DataDisk.Hex(expression));

    [Fact]
    public void Random_bytes_are_read_once_and_the_same_wherever_they_stand()
    {
        byte[] bytes = DataDisk.Bytes("</dev/urandom[:512]*4 </dev/urandom -> \\r \\r[:64] \\r[:128]");
        Assert.Equal(2048 + 64 + 128, bytes.Length);
        Assert.Equal(bytes[..512], bytes[1536..2048]);
        Assert.Equal(bytes[2048..2112], bytes[2112..2176]);
        Assert.NotEqual(bytes[..64], bytes[2048..2112]);
        Assert.NotEqual(bytes[..64], bytes[64..128]);
    }

    [Fact]
    public void A_file_of_the_kernel_says_that_it_is_empty_and_is_not() =>
        Assert.StartsWith("MemTotal:", Text("</proc/meminfo"), StringComparison.Ordinal);

    [Theory]
    [InlineData("<(echo hi)", "hi\n")]
    [InlineData("<(printf '(%s)' \"a b\")*2", "(a b)(a b)")]
    [InlineData("<(printf abcd)[1:3] <(printf abcd)[:9] <(printf abcd)[9:]", "bcabcd")]
    [InlineData("<(yes)[:5] (<(yes))[1:4] $yes[:2]", "y\ny\ny\ny\ny\n")]
    [InlineData("(\"x\" <(yes))[:4] ((\"x\" <(yes))[:4] \"z\")[1:]", "xy\nyy\nyz")]
    [InlineData("<(yes) -> \\y \\y[:3] \\y[:1]", "y\nyy")]
    [InlineData("(<(yes) -> \\y \\y)[:2]", "y\n")]
    [InlineData("<( )<()\"x\"", "x")]
    [InlineData("<(false) -> \\x \"a\" <(false)*0 <(false)[:0]", "a")]
    [InlineData("<(printf hi; exit 3)[:2]", "hi")]
    [InlineData("<( i=0; while :; do printf '%04d' $i; i=$((i+1)); done )[:12]", "000000010002")]
    public void A_script_is_replaced_by_what_it_prints(string expression, string text) =>
        Assert.Equal(text, Text(expression, ("yes", "<(yes)")));

    [Fact]
    public void The_size_of_the_disk_is_enough_to_end_a_script() =>
        Assert.Equal("1y\ny", Text("\"1\" <(yes)", ("size", "4")));

    [Theory]
    [InlineData("1 <(exit 3)", "<(exit 3): external command failed with exit code 3 at offset 2 (")]
    [InlineData("<(printf hi; exit 3)[:3]", "<(printf hi; exit 3): external command failed with exit code 3 at")]
    [InlineData("<(kill -9 $$)", "<(kill -9 $$): external command was killed by signal 9 at offset 0 (")]
    [InlineData("<(true\n\n  false)", "<(true false): external command failed with exit code 1 at offset 0 (")]
    [InlineData("<(printf hi)*2[9:]", "[N:M] does not describe a valid slice at offset 14")]
    public void A_script_that_fails_is_told(string expression, string message) =>
        Assert.StartsWith(message, DataDisk.Refusal(expression), StringComparison.Ordinal);

    [Theory]
    [InlineData("<(yes)")]
    [InlineData("<(cat /dev/zero) 1")]
    [InlineData("</dev/zero*2")]
    public void Output_without_an_end_is_refused(string expression) => Assert.Contains(
        "there is no end after 1073741824 bytes: cut it to a length with [:LENGTH] at offset 0",
        DataDisk.Refusal(expression), StringComparison.Ordinal);

    [Fact]
    public void No_script_runs_if_there_is_a_mistake_behind_it()
    {
        Assert.Contains(
            "parsing error", DataDisk.Refusal($"<(touch {_folder.File("ran")}; echo) oops"),
            StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.File("ran")));
    }

    [Fact]
    public void A_large_output_comes_whole()
    {
        byte[] bytes = DataDisk.Bytes("<(seq 1000000)");
        Assert.Equal(6888896, bytes.Length);
        Assert.Equal(1_000_000, bytes.Count(value => value == '\n'));
        Assert.Equal("1000000\n"u8.ToArray(), bytes[^8..]);
    }

    private static string Text(string expression, params (string Key, string Value)[] more) =>
        System.Text.Encoding.UTF8.GetString(DataDisk.Bytes(expression, more));
}
