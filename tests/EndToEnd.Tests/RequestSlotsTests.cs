// Cookies. Not: the bytes that carry them.

using NbdFast.Bench.EndToEnd.Load;

namespace NbdFast.EndToEnd.Tests;

public sealed class RequestSlotsTests
{
    [Fact]
    public void A_reply_finds_its_request()
    {
        RequestSlots slots = new(3);
        ulong first = slots.Begin(100, 1);
        ulong second = slots.Begin(200, 2);
        Assert.Equal(2, slots.UnderWay);
        Assert.Equal(200UL, slots.OffsetOf(second));
        Assert.Equal(1, slots.End(first));
        Assert.Equal(2, slots.End(second));
        Assert.Equal(3, slots.Free);
    }

    [Fact]
    public void A_second_reply_to_a_request_is_refused()
    {
        RequestSlots slots = new(1);
        ulong cookie = slots.Begin(0, 0);
        slots.End(cookie);
        Assert.Throws<LoadException>(() => slots.End(cookie));
        slots.Begin(0, 0);
        Assert.Throws<LoadException>(() => slots.End(cookie));
    }

    [Fact]
    public void A_cookie_of_nobody_is_refused()
    {
        RequestSlots slots = new(2);
        slots.Begin(0, 0);
        Assert.Throws<LoadException>(() => slots.OffsetOf(1));
        Assert.Throws<LoadException>(() => slots.OffsetOf(77));
    }
}
