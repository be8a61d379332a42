// The rules of "Extents list" in nbdkit-plugin(3). Not: asking for extents (NextExtensionsTests).

using System;
using System.Linq;
using NbdFast.Testing;

namespace NbdFast.Core.Tests.Api;

public sealed class ExtentListTests
{
    private const ExtentType Data = ExtentType.Data;
    private const ExtentType Hole = ExtentType.HoleZero;

    [Fact]
    public void Extents_follow_each_other()
    {
        ExtentList list = Filled(0, 300, (0, 100, Data), (100, 100, Hole), (200, 100, Data));
        Assert.Equal([new(0, 100, Data), new(100, 100, Hole), new(200, 100, Data)], Items(list));
        Assert.True(list.IsFull);
        Assert.Equal(300ul, list.Reached);
    }

    [Fact]
    public void Neighbours_of_one_type_become_one_extent() =>
        Assert.Equal(
            [new(0, 200, Data), new(200, 1, Hole)],
            Items(Filled(0, 300, (0, 100, Data), (100, 100, Data), (200, 1, Hole))));

    [Fact]
    public void What_lies_before_the_range_is_cut_off() =>
        Assert.Equal(
            [new(150, 50, Hole), new(200, 50, Data)],
            Items(Filled(150, 100, (0, 100, Data), (100, 100, Hole), (200, 50, Data))));

    [Fact]
    public void The_last_extent_may_reach_over_the_end_and_what_follows_it_is_dropped() =>
        Assert.Equal([new(0, 500, Data)], Items(Filled(0, 300, (0, 500, Data), (500, 500, Hole), (2000, 1, Data))));

    [Fact]
    public void An_extent_of_no_bytes_adds_nothing() =>
        Assert.Equal([new(0, 10, Hole)], Items(Filled(0, 10, (0, 0, Data), (0, 10, Hole))));

    [Theory]
    [InlineData(101)]
    [InlineData(99)]
    [InlineData(0)]
    public void A_gap_or_a_step_back_is_an_error(ulong second)
    {
        var list = new ExtentList(0, 300);
        Assert.Equal(Errno.Ok, list.Add(0, 100, Data));
        Assert.Equal(Errno.ERANGE, list.Add(second, 10, Hole));
        Assert.Equal(Errno.Ok, list.Add(100, 10, Hole));
    }

    [Fact]
    public void A_gap_before_the_range_is_an_error_too()
    {
        var list = new ExtentList(1000, 300);
        Assert.Equal(Errno.Ok, list.Add(0, 100, Data));
        Assert.Equal(Errno.ERANGE, list.Add(200, 2000, Data));
    }

    [Fact]
    public void The_first_extent_must_not_begin_after_the_start() =>
        Assert.Equal(Errno.ERANGE, new ExtentList(100, 10).Add(101, 10, Data));

    [Fact]
    public void An_extent_that_reaches_beyond_all_positions_is_cut_there() =>
        Assert.Equal(
            [new(5, ulong.MaxValue - 5, Data)],
            Items(Filled(5, 10, (0, ulong.MaxValue, Data), (7, ulong.MaxValue, Hole))));

    [Fact]
    public void Shifted_positions_mean_less_to_the_list()
    {
        var list = new ExtentList(0, 100);
        using (list.Shift(512))
        {
            Assert.Equal(512ul, list.Reached);
            Assert.Equal(Errno.Ok, list.Add(512, 40, Data));
            Assert.Equal(Errno.Ok, list.Add(552, 60, Hole));
        }

        Assert.Equal([new(0, 40, Data), new(40, 60, Hole)], Items(list));
    }

    [Fact]
    public void Extents_before_the_begin_of_a_shifted_disk_are_cut_off()
    {
        var list = new ExtentList(0, 100);
        using (list.Shift(512))
        {
            Assert.Equal(Errno.Ok, list.Add(0, 100, Data));
            Assert.Equal(Errno.Ok, list.Add(100, 500, Hole));
            Assert.Equal(Errno.ERANGE, list.Add(601, 500, Data));
        }

        Assert.Equal([new(0, 88, Hole)], Items(list));
    }

    [Fact]
    public void Shifts_add_up_and_the_inner_end_cuts()
    {
        var list = new ExtentList(10, 1000);
        using (list.Shift(100, end: 500))
        using (list.Shift(1000))
            Assert.Equal(Errno.Ok, list.Add(0, 100_000, Data));
        Assert.Equal([new(10, 490, Data)], Items(list));
    }

    [Fact]
    public void The_end_of_an_inner_disk_is_in_its_own_positions()
    {
        var list = new ExtentList(0, 1000);
        using (list.Shift(100))
        using (list.Shift(1000, end: 300))
            Assert.Equal(Errno.Ok, list.Add(0, 100_000, Data));
        Assert.Equal([new(0, 200, Data)], Items(list));
    }

    [Fact]
    public void A_list_is_filled_part_by_part()
    {
        var list = new ExtentList(0, 300);
        using (list.Part(100))
            Assert.Equal(Errno.Ok, list.Add(0, 1000, Data));
        Assert.False(list.IsFull);
        Assert.Equal(Errno.Ok, list.Add(100, 50, Hole));
        using (list.Part(300))
        {
            Assert.Equal(Errno.Ok, list.Add(0, 200, Data));
            Assert.True(!list.IsFull && list.Reached == 200);
            Assert.Equal(Errno.Ok, list.Add(200, 900, Hole));
            Assert.True(list.IsFull);
        }

        Assert.Equal([new(0, 100, Data), new(100, 50, Hole), new(150, 50, Data), new(200, 100, Hole)], Items(list));
    }

    [Fact]
    public void A_part_in_which_nothing_was_said_changes_nothing()
    {
        var list = new ExtentList(100, 300);
        using (list.Part(200))
            Assert.Equal(Errno.Ok, list.Add(0, 50, Hole));
        Assert.Equal(Errno.Ok, list.Add(0, 150, Data));
        Assert.Equal([new(100, 50, Data)], Items(list));
    }

    [Fact]
    public void Where_one_extent_is_asked_for_the_first_one_fills_the_list()
    {
        var list = new ExtentList(0, 0);
        list.Reset(0, 300, onlyOne: true);
        Assert.Equal(Errno.Ok, list.Add(0, 50, Data));
        Assert.Equal(Errno.Ok, list.Add(50, 50, Data));
        Assert.False(list.IsFull);
        Assert.Equal(Errno.Ok, list.Add(100, 100, Hole));
        Assert.True(list.IsFull);
        Assert.Equal(Errno.Ok, list.Add(200, 100, Data));
        Assert.Equal([new(0, 100, Data)], Items(list));
    }

    [Fact]
    public void The_whole_range_may_be_of_one_type()
    {
        var list = new ExtentList(100, 200);
        using (list.Shift(1000))
            Assert.Equal(Errno.Ok, list.AddWhole(Hole));
        Assert.Equal([new(100, 200, Hole)], Items(list));
    }

    [Fact]
    public void A_list_never_holds_more_than_its_limit()
    {
        var list = new ExtentList(0, ulong.MaxValue);
        for (ulong i = 0; i < ExtentList.MaximumCount; i++)
            list.Add(i, 1, i % 2 == 0 ? Data : Hole);
        Assert.False(list.IsFull);
        Assert.Equal(Errno.Ok, list.Add(ExtentList.MaximumCount, 1, Data));
        Assert.True(list.IsFull);
        Assert.Equal(ExtentList.MaximumCount, list.Count);
    }

    [Fact]
    public void A_list_that_is_used_again_allocates_nothing()
    {
        var list = new ExtentList(0, 1);
        Fill(list);
        Assert.Equal(0, HeapUse.Of(10, () => Fill(list)));
        Assert.Equal(1000, list.Count);
    }

    [Fact]
    public void An_index_outside_of_the_list_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Filled(0, 1, (0, 1, Data))[1]);

    private static void Fill(ExtentList list)
    {
        list.Reset(0, 1000);
        using (list.Shift(7))
            for (ulong i = 0; i < 1000; i++)
                list.Add(i + 7, 1, i % 2 == 0 ? Data : Hole);
    }

    private static ExtentList Filled(
        ulong start, ulong count, params (ulong Offset, ulong Length, ExtentType Type)[] added)
    {
        var list = new ExtentList(start, count);
        foreach ((ulong offset, ulong length, ExtentType type) in added)
            Assert.Equal(Errno.Ok, list.Add(offset, length, type));
        return list;
    }

    private static Extent[] Items(ExtentList list) => [.. Enumerable.Range(0, list.Count).Select(i => list[i])];
}
