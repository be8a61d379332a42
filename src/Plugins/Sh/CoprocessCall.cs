// One call that a co-process was asked for. Not: asking (CoprocessChild).

using System;
using System.Threading;

namespace NbdFast.Plugins.Scripts;

/// <summary>Waits for the answer to a call.</summary>
internal sealed class CoprocessCall
{
    private bool _isDone;

    /// <summary>The co-process ended without an answer.</summary>
    public bool IsLost { get; private set; }

    /// <summary>The exit code of the method.</summary>
    public int ExitCode { get; private set; }

    /// <summary>What it printed.</summary>
    public CoprocessBytes Output { get; private set; }

    /// <summary>What it printed as errors.</summary>
    public byte[] Errors { get; private set; } = [];

    /// <summary>The answer is there. Its output belongs to this from now on.</summary>
    public void Answer(int exitCode, CoprocessBytes output, byte[] errors)
    {
        ExitCode = exitCode;
        Output = output;
        Errors = errors;
        Done();
    }

    /// <summary>No answer will come.</summary>
    public void Lose()
    {
        IsLost = true;
        Done();
    }

    /// <summary>Waits for one or the other.</summary>
    /// <param name="limitMs">How long, or -1: as long as it takes.</param>
    /// <returns>False if the time is over.</returns>
    public bool Wait(int limitMs)
    {
        lock (this)
        {
            while (!_isDone)
                if (!Monitor.Wait(this, limitMs))
                    return _isDone;
            return true;
        }
    }

    /// <summary>Gives what was printed to whom it is for, once.</summary>
    public void CopyTo(Span<byte> target, ScriptResult result)
    {
        using CoprocessBytes output = Output;
        int filled = Math.Min(target.Length, output.Span.Length);
        output.Span[..filled].CopyTo(target);
        result.Filled = filled;
        result.Printed.Add(output.Span[filled..]);
        result.Complaints.Add(Errors);
        result.ExitCode = ExitCode;
    }

    private void Done()
    {
        lock (this)
        {
            _isDone = true;
            Monitor.PulseAll(this);
        }
    }
}
