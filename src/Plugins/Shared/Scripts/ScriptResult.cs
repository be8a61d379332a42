// What came out of a call of a script. Not: how it was called (ScriptRun, Coprocess), what it means (ScriptAnswer).

namespace NbdFast.Plugins.Scripts;

/// <summary>An exit code and what was printed.</summary>
/// <param name="keepsOutput">The output is wanted, beyond what goes into a target.</param>
internal sealed class ScriptResult(bool keepsOutput)
{
    /// <summary>The most of an output that is kept, in bytes: enough for the longest lists that make sense, 2^20
    /// extents of them; and of a heap of 128 MiB it leaves enough for others.</summary>
    public const int MostPrinted = 32 << 20;

    /// <summary>The most of the errors that is kept, in bytes: only the first line is looked at.</summary>
    public const int MostComplaints = 64 << 10;

    /// <summary>The output behind what went into the target.</summary>
    public BoundedBytes Printed { get; } = new(keepsOutput ? MostPrinted : 0);

    /// <summary>There was more output than is kept, though all of it was wanted.</summary>
    public bool IsCut => keepsOutput && Printed.IsCut;

    /// <summary>The errors.</summary>
    public BoundedBytes Complaints { get; } = new(MostComplaints);

    /// <summary>How many bytes of the output went into the target.</summary>
    public int Filled { get; set; }

    /// <summary>The exit code, or the negated number of the signal that killed the script.</summary>
    public int ExitCode { get; set; }
}
