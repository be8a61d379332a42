// Whether the machine has a core with nothing to do. Not: how busy we are (LoopLoad).

using System;
using System.Buffers.Text;
using NbdFast.Native;

namespace NbdFast.Drivers;

/// <summary>
/// Reads the time that all cores have been idle, from proc(5). A further loop on a machine whose cores are busy, be it
/// with clients on the same machine, only takes time from those: measured, two loops beside the client of two cores
/// served a third less than one.
/// </summary>
internal sealed class SpareCores : IDisposable
{
    private const double SpareShare = 0.9;
    private const int IdleField = 3;   // user, nice, system, idle, ...
    private const int FieldCount = 8;
    private const int LineBytes = 256;

    private readonly int _descriptor = Libc.Open(
        Libc.CurrentDirectory, "/proc/stat", OpenFlags.ReadOnly | OpenFlags.CloseOnExec);

    private long _idle;
    private long _total;

    /// <summary>Says whether, since it was asked last, about one core or more was idle. Where that cannot be told,
    /// there is one.</summary>
    public bool HasOne()
    {
        Span<byte> text = stackalloc byte[LineBytes];
        nint count = Libc.ReadAt(_descriptor, text, 0);
        if (count <= 0)
            return true;
        (long idle, long total) = Parse(text[..(int)count]);
        (long idleBefore, long totalBefore) = (_idle, _total);
        (_idle, _total) = (idle, total);
        double core = (double)(total - totalBefore) / Environment.ProcessorCount;
        return totalBefore > 0 && idle - idleBefore >= SpareShare * core;
    }

    public void Dispose()
    {
        if (_descriptor >= 0)
            Libc.Close(_descriptor);
    }

    // The first line: "cpu", then times in ticks.
    private static (long Idle, long Total) Parse(ReadOnlySpan<byte> text)
    {
        long idle = 0;
        long total = 0;
        text = text[text.IndexOf((byte)' ')..];
        for (int field = 0; field < FieldCount; field++)
        {
            text = text.TrimStart((byte)' ');
            if (!Utf8Parser.TryParse(text, out long ticks, out int length))
                break;
            text = text[length..];
            total += ticks;
            if (field == IdleField)
                idle = ticks;
        }

        return (idle, total);
    }
}
