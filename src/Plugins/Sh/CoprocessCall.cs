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
    public byte[] Output { get; private set; } = [];

    /// <summary>What it printed as errors.</summary>
    public byte[] Errors { get; private set; } = [];

    /// <summary>The answer is there.</summary>
    public void Answer(int exitCode, byte[] output, byte[] errors)
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
    public void Wait()
    {
        lock (this)
        {
            while (!_isDone)
                Monitor.Wait(this);
        }
    }

    /// <summary>Gives what was printed to whom it is for.</summary>
    public void CopyTo(Span<byte> target, ScriptResult result)
    {
        int filled = Math.Min(target.Length, Output.Length);
        Output.AsSpan(0, filled).CopyTo(target);
        result.Filled = filled;
        result.Printed.Add(Output.AsSpan(filled));
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
