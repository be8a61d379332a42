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
        Assert.True(DebugFlags.Set("no-such-unit", "x.y", 1));
        Assert.True(DebugFlags.Set("no-such-unit", "x_y", 2));
        Assert.Equal(2, DebugFlags.Get("no-such-unit", "x_y"));
        Assert.Equal(2, DebugFlags.Get("no-such-unit", "x.y"));
    }

    [Fact]
    public void The_server_knows_its_own_flags()
    {
        Assert.True(DebugFlags.Set("nbdkit", "backend.datapath", 1));
        Assert.True(DebugFlags.Set("nbdkit", "backend_controlpath", 1));
        Assert.True(DebugFlags.Set("nbdkit", "environ", 0));
        Assert.False(DebugFlags.Set("nbdkit", "nosuch", 1));
    }
}
