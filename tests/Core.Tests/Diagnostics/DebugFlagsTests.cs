// The registry of debug flags. Not: what units do with theirs, how -D is parsed (CommandLineTests).

using NbdFast.Diagnostics;

namespace NbdFast.Core.Tests.Diagnostics;

public sealed class DebugFlagsTests
{
    [Fact]
    public void A_flag_has_the_number_it_was_given_last_and_all_others_are_zero()
    {
        DebugFlags.Set("no-such-unit", "level", 1);
        DebugFlags.Set("no-such-unit", "level", -7);
        Assert.Equal(-7, DebugFlags.Get("no-such-unit", "level"));
        Assert.Equal(0, DebugFlags.Get("no-such-unit", "other"));
        Assert.Equal(0, DebugFlags.Get("another-unit", "level"));
    }

    [Fact]
    public void Periods_and_underscores_in_a_flag_are_alike()
    {
        DebugFlags.Set("no-such-unit", "x.y", 1);
        DebugFlags.Set("no-such-unit", "x_y", 2);
        Assert.Equal(2, DebugFlags.Get("no-such-unit", "x_y"));
        Assert.Equal(2, DebugFlags.Get("no-such-unit", "x.y"));
    }

    [Fact]
    public void The_server_knows_its_own_flags()
    {
        DebugFlags.Set("nbdkit", "backend.datapath", 1);
        DebugFlags.Set("nbdkit", "backend_controlpath", 1);
        DebugFlags.Set("nbdkit", "environ", 0);
        DebugFlags.Set("nbdkit", "nosuch", 1);
        string[] unread = [.. DebugFlags.Unread];
        Assert.DoesNotContain("nbdkit.backend.datapath", unread);
        Assert.DoesNotContain("nbdkit.backend_controlpath", unread);
        Assert.DoesNotContain("nbdkit.environ", unread);
        Assert.Contains("nbdkit.nosuch", unread);
    }

    [Fact]
    public void A_flag_counts_as_read_when_its_unit_has_asked_for_it()
    {
        DebugFlags.Set("asking-unit", "x.y", 1);
        DebugFlags.Set("asking-unit", "z", 1);
        Assert.Contains("asking-unit.x.y", DebugFlags.Unread);
        Assert.Equal(1, DebugFlags.Get("asking-unit", "x_y"));
        Assert.DoesNotContain("asking-unit.x.y", DebugFlags.Unread);
        Assert.Contains("asking-unit.z", DebugFlags.Unread);
    }
}
