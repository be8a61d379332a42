// Sleeping. Not: being woken by the end of the server, which would wake the tests beside this one too.

using System;
using System.Diagnostics;

namespace NbdFast.Core.Tests.Api;

[Collection(LogCollection.Name)]   // Alone: the end of another test's server would wake it.
public sealed class SleepTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(300)]
    [InlineData(1000)]
    [InlineData(2700)]
    public void It_takes_at_least_the_time_that_was_asked_for(int microseconds)
    {
        var time = TimeSpan.FromMicroseconds(microseconds);
        long start = Stopwatch.GetTimestamp();
        Assert.Equal(Errno.Ok, Sleep.For(time));
        Assert.True(Stopwatch.GetElapsedTime(start) >= time);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(long.MinValue)]
    public void No_time_or_less_is_no_sleep(long ticks) =>
        Assert.Equal(Errno.Ok, Sleep.For(TimeSpan.FromTicks(ticks)));
}
