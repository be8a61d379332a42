// The registry of debug flags. Not: what units do with theirs.

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
}
