// The library as packages, used by a program with a plugin and a filter that somebody else writes. Not: the package for
// Debian (InstallTests).

using NbdFast.Testing;

namespace NbdFast.Interop;

[Collection(SampleProgram.Collection)]
[Trait("Needs", "checkout")]
public sealed class PackageTests(SampleProgram sample)
{
    [Fact]
    public void A_program_of_one_line_serves_a_plugin_of_its_own()
    {
        Requires.Tools("nbdinfo", "nbdcopy");
        Assert.Equal(
            "2097152\n2097152 7",
            sample.Run(
                "tape tape 2M byte=7 --run 'nbdinfo --size \"$uri\"; nbdcopy \"$uri\" - | od -An -v -tu1 -w1 "
                + "| sort | uniq -c | awk \"{print \\$1, \\$2}\"'"));
    }

    [Theory]
    [InlineData("--filter=offset tape 2M byte=7 offset=1M range=512K", "524288")]
    [InlineData("--filter=flip --filter=cow tape 2M", "2097152")]
    [InlineData("--filter=flip memory 1M", "1048576")]
    public void Own_units_and_built_in_ones_stand_together(string arguments, string size)
    {
        Requires.Tools("nbdinfo");
        Assert.Equal(size, sample.Run($"tape {arguments} --run 'nbdinfo --size \"$uri\"'"));
    }

    [Fact]
    public void An_own_filter_changes_what_a_built_in_plugin_serves()
    {
        Requires.Tools("nbdsh");
        // The pattern has its own position in every eight bytes, the highest byte first.
        Assert.Equal(
            "f807",
            sample.Run("tape --filter=flip pattern 2K --run 'nbdsh -u \"$uri\" -c \"print(h.pread(2, 0).hex())\"'"));
    }

    [Fact]
    public void It_goes_to_the_background_and_ends_by_a_signal()
    {
        Requires.Tools("nbdinfo");
        Assert.Equal(
            "3145728\nended",
            sample.Run(
                "tape -U socket -P pid tape 3M; nbdinfo --size nbd+unix://?socket=$PWD/socket; kill $(cat pid); "
                + "while [ -e /proc/$(cat pid) ]; do sleep 0.01; done; rm socket; echo ended"));
    }

    [Fact]
    public void It_answers_questions_about_its_units()
    {
        string help = sample.Run("tape --filter=flip tape --help");
        Assert.Contains("plugin: tape (a disk of one byte)", help);
        Assert.Contains("size=<SIZE>", help);
        Assert.Contains("filter: flip", help);
        Assert.Contains("magic_config_key=size", sample.Run("tape tape 1M --dump-plugin"));
        Assert.Contains(" tape ", sample.Run("tape --dump-config | sed -n 's/^nbdfast_plugins=\\(.*\\)/ \\1 /p'"));
    }

    [Fact]
    public void Its_messages_bear_its_name()
    {
        sample.Try("tape -f -U - tape 1X").Failed(1, "tape: error: ");
        sample.Try("tape -f -U - tap 1M").Failed(1, "tape: error: cannot open plugin 'tap': there is no such plugin");
    }

    [Fact]
    public void A_unit_can_be_used_without_a_server() =>
        Assert.Equal("True True 7,7,7", sample.Run("INSTEAD=1 tape"));
}
