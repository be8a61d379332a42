// One line on standard error that says what is measured and how long it will take. Not: results.

using System;
using System.Diagnostics;
using System.Globalization;

namespace NbdFast.Bench.EndToEnd.Run;

/// <summary>Progress over cells that take about as long as each other.</summary>
internal sealed class ProgressLine(int cells)
{
    private readonly Stopwatch _time = Stopwatch.StartNew();
    private readonly bool _isTerminal = !Console.IsErrorRedirected;
    private int _done;

    /// <summary>Says that the next cell begins.</summary>
    public void Next(int round, string row, string server)
    {
        double left = _done == 0 ? double.NaN : _time.Elapsed.TotalSeconds / _done * (cells - _done);
        string time = double.IsNaN(left) ? "" : ", " + TimeSpan.FromSeconds(left).ToString(@"m\:ss", null) + " left";
        string text = string.Create(
            CultureInfo.InvariantCulture, $"endtoend: {_done * 100 / cells,3} %, round {round}, {row}, {server}{time}");
        // On a terminal the line is written over; in a log each has its own.
        Console.Error.Write(_isTerminal ? "\r\x1b[K" + text : text + "\n");
        _done++;
    }

    /// <summary>Ends the line.</summary>
    public void End()
    {
        if (_isTerminal)
            Console.Error.WriteLine();
    }
}
