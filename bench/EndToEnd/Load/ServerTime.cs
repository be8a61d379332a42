// What a server costs: processor time and memory of its first process and of all that it forked. Not: what it serves.

using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using NbdFast.Bench.EndToEnd.Native;

namespace NbdFast.Bench.EndToEnd.Load;

/// <summary>The processes of a server, as they are when this is made.</summary>
internal sealed class ServerTime
{
    private readonly int[] _processes;
    private readonly long[] _used;

    private ServerTime(int[] processes)
    {
        _processes = processes;
        _used = new long[processes.Length];
    }

    /// <summary>Its process numbers, the first one first.</summary>
    public IReadOnlyList<int> Processes => _processes;

    /// <summary>Finds the processes of a server.</summary>
    /// <param name="server">The first of them, or 0 for none.</param>
    public static ServerTime Of(int server)
    {
        List<int> found = server == 0 ? [] : [server];
        for (int i = 0; i < found.Count; i++)
            foreach (string task in TasksOf(found[i]))
                found.AddRange(ChildrenOf(task));
        return new ServerTime([.. found]);
    }

    /// <summary>User and system time of all its threads since their start, in nanoseconds. A process that has ended
    /// counts with what it had used when this was last called.</summary>
    public long Now()
    {
        long sum = 0;
        for (int i = 0; i < _processes.Length; i++)
        {
            _used[i] = Math.Max(_used[i], Clock.OfProcess(_processes[i]));
            sum += _used[i];
        }

        return sum;
    }

    /// <summary>The most memory that was ever present, in bytes: the sum over the processes, shared pages counted in
    /// each.</summary>
    public long PeakBytes() => Sum("VmHWM:") << 10;

    /// <summary>The memory that is present, in bytes, counted likewise.</summary>
    public long PresentBytes() => Sum("VmRSS:") << 10;

    /// <summary>Threads of all processes.</summary>
    public long Threads() => Sum("Threads:");

    private long Sum(string name)
    {
        long sum = 0;
        foreach (int process in _processes)
            foreach (string line in LinesOf(process))
                if (line.StartsWith(name, StringComparison.Ordinal))
                    sum += long.Parse(
                        line[name.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
        return sum;
    }

    private static string[] LinesOf(int process)
    {
        try
        {
            return File.ReadAllLines($"/proc/{process}/status");
        }
        catch (IOException)
        {
            return [];   // It was there for one call of a script only.
        }
    }

    private static string[] TasksOf(int process)
    {
        try
        {
            return Directory.GetDirectories($"/proc/{process}/task");
        }
        catch (IOException)
        {
            return [];   // It has ended meanwhile.
        }
    }

    private static int[] ChildrenOf(string task)
    {
        try
        {
            return Array.ConvertAll(
                File.ReadAllText(Path.Combine(task, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries),
                number => int.Parse(number, CultureInfo.InvariantCulture));
        }
        catch (IOException)
        {
            return [];   // The thread has ended meanwhile.
        }
    }
}
