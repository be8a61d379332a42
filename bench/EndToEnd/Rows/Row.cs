// A line of the tables: one workload for all servers that can serve it. Not: the list of them (RowTable).

using System.Collections.Generic;
using NbdFast.Bench.EndToEnd.Servers;

namespace NbdFast.Bench.EndToEnd.Rows;

/// <summary>A workload.</summary>
/// <param name="id">A short name without blanks.</param>
/// <param name="goals">What nbdfast must reach.</param>
internal abstract class Row(string id, IReadOnlyList<Goal> goals)
{
    /// <summary>A short name without blanks.</summary>
    public string Id => id;

    /// <summary>What nbdfast must reach.</summary>
    public IReadOnlyList<Goal> Goals => goals;

    /// <summary>It is one of the few of a quick run.</summary>
    public bool IsQuick { get; init; }

    /// <summary>How much disk it needs.</summary>
    public virtual DiskLength Disk => DiskLength.Short;

    /// <summary>Whether a server can serve it.</summary>
    public abstract bool Includes(Peer peer);

    /// <summary>Measures one cell.</summary>
    public abstract Sample Measure(Peer peer, Stage stage, Timing timing);
}
