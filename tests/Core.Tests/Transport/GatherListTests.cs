// The list of runs for a gathering send. Not: sending it (SendQueueTests).

using System;
using System.Text;
using NbdFast.Native;

namespace NbdFast.Core.Tests.Transport;

public sealed class GatherListTests : IDisposable
{
    private readonly NativeBuffer _memory = new(8192);
    private readonly GatherList _list = new();

    public GatherListTests() => Encoding.ASCII.GetBytes("abcdefghijklmnopqrstuvwxyz", _memory.Span);

    public void Dispose()
    {
        _list.Dispose();
        _memory.Release();
    }

    [Fact]
    public void Runs_that_touch_are_one()
    {
        Add(0, 3);
        Add(3, 2);
        Assert.Equal(1, _list.Count);
        Add(6, 1);
        Add(5, 1);
        Assert.Equal(3, _list.Count);
        Assert.Equal(7, _list.Bytes);
        Assert.Equal("abcdegf", Text());
    }

    [Fact]
    public void What_was_sent_is_taken_off_byte_by_byte()
    {
        Add(0, 3);
        Add(10, 1);
        Add(20, 4);
        string expected = "abckuvwx";
        while (_list.Bytes > 0)
        {
            Assert.Equal(expected, Text());
            _list.Advance(1);
            expected = expected[1..];
        }

        Assert.Equal(0, _list.Count);
    }

    [Theory]
    [InlineData(0, "abckuvwx", 3)]
    [InlineData(3, "kuvwx", 2)]
    [InlineData(4, "uvwx", 1)]
    [InlineData(7, "x", 1)]
    [InlineData(8, "", 0)]
    public void Several_runs_are_taken_off_at_once(int sent, string left, int runs)
    {
        Add(0, 3);
        Add(10, 1);
        Add(20, 4);
        _list.Advance(sent);
        Assert.Equal(left, Text());
        Assert.Equal(runs, _list.Count);
    }

    [Fact]
    public void A_run_behind_one_that_was_sent_is_a_new_one()
    {
        Add(0, 3);
        _list.Advance(3);
        Add(3, 2);
        Assert.Equal("de", Text());
    }

    [Fact]
    public void A_run_behind_one_that_was_sent_in_part_makes_it_longer()
    {
        Add(0, 3);
        _list.Advance(2);
        Add(3, 2);
        Assert.Equal(1, _list.Count);
        Assert.Equal("cde", Text());
    }

    [Fact]
    public void A_full_list_says_so()
    {
        for (int i = 0; i < GatherList.MaximumCount; i++)
        {
            Assert.Equal(GatherList.MaximumCount - i, _list.Room);
            Add(i * 2, 1);
        }

        Assert.Equal(0, _list.Room);
        Assert.Throws<InvalidOperationException>(() => Add(4000, 1));
        _list.Clear();
        Assert.Equal(GatherList.MaximumCount, _list.Room);
        Assert.Equal(0, _list.Bytes);
    }

    [Fact]
    public void A_copy_is_cut_to_its_target()
    {
        Add(0, 3);
        Add(10, 3);
        byte[] target = new byte[4];
        Assert.Equal(4, _list.CopyTo(target));
        Assert.Equal("abck", Encoding.ASCII.GetString(target));
    }

    private void Add(int offset, int length) => _list.Add(_memory.Address + offset, length);

    private string Text()
    {
        byte[] all = new byte[_list.Bytes];
        Assert.Equal(all.Length, _list.CopyTo(all));
        return Encoding.ASCII.GetString(all);
    }
}
