// What a buffer notes of holes. Not: their way to a client (Interop's NbdDiskTests).

using NbdFast.Buffers;

namespace NbdFast.Core.Tests.Api;

public sealed class HoleMarksTests
{
    [Fact]
    public void Neighbours_become_one_and_what_comes_out_of_order_is_dropped()
    {
        HoleMarks marks = new();
        marks.Add(4096, 4096);
        marks.Add(8192, 100);
        marks.Add(0, 4096);      // Before.
        marks.Add(8000, 1000);   // Overlapping.
        marks.Add(10_000, 0);
        marks.Add(20_000, 5);
        Assert.Equal([new(4096, 8292), new(20_000, 20_005)], marks.All.ToArray());
        marks.Clear();
        Assert.True(marks.All.IsEmpty);
    }

    [Fact]
    public void Those_that_are_too_many_are_dropped()
    {
        HoleMarks marks = new();
        for (int i = 0; i < 2 * HoleMarks.Maximum; i++)
            marks.Add(i * 10, 5);
        Assert.Equal(HoleMarks.Maximum, marks.All.Length);
        Assert.Equal(new HoleMarks.Hole((HoleMarks.Maximum - 1) * 10, (HoleMarks.Maximum * 10) - 5), marks.All[^1]);
    }

    [Fact]
    public void Only_what_lies_in_a_slice_of_a_reply_is_noted()
    {
        BufferPool pool = new();
        RequestBuffer buffer = pool.Rent(8192);
        ReadHoles.Mark(buffer.PayloadMemory(8192)[4096..], 10, 20);
        ReadHoles.Mark(buffer.PayloadMemory(8192)[4096..], 4000, 200);
        ReadHoles.Mark(buffer.PayloadMemory(8192), -1, 20);
        ReadHoles.Mark(new byte[8192], 10, 20);
        Assert.Equal([new(4106, 4126)], buffer.Holes.ToArray());
        buffer.ForgetHoles();
        Assert.True(buffer.Holes.IsEmpty);
        pool.Return(buffer);
    }
}
