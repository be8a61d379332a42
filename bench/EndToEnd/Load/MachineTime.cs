// How busy the whole machine is, to notice what else ran. Not: the server and the client (ServerTime, Clock).

using System;
using System.Globalization;
using System.IO;

namespace NbdFast.Bench.EndToEnd.Load;

/// <summary>The first line of /proc/stat.</summary>
internal static class MachineTime
{
    private const double NanosecondsOfTick = 1e7;   // USER_HZ is 100 wherever Linux has /proc/stat.

    // After the name: user, nice, system, idle, iowait, irq, softirq, steal. Guests are in user already.
    private static readonly int[] BusyFields = [1, 2, 3, 6, 7, 8];

    /// <summary>Time that all processors together have been busy or taken away since the start, in
    /// nanoseconds.</summary>
    public static double Busy() => Parse(File.ReadAllText("/proc/stat"));

    /// <summary>The same out of the file's text.</summary>
    public static double Parse(string text)
    {
        string[] fields = text.Split('\n')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        double ticks = 0;
        foreach (int field in BusyFields)
            ticks += double.Parse(fields[field], CultureInfo.InvariantCulture);
        return ticks * NanosecondsOfTick;
    }
}
