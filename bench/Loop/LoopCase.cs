// One row of the table: a chain, a kind of request, a depth. Not: which rows there are (Program).

using System;
using System.Collections.Generic;
using System.Linq;
using NbdFast.Testing;

namespace NbdFast.Bench.Loop;

/// <summary>A server that stays, and the costs of the connections it had.</summary>
/// <param name="chain">What is served, or null for the wire alone.</param>
/// <param name="request">The kind of all requests.</param>
/// <param name="mode">The form of replies.</param>
/// <param name="depth">How many requests are under way.</param>
internal sealed class LoopCase(LoopChain? chain, string request, ReplyMode mode, int depth)
{
    private readonly List<Measurement> _rounds = [];
    private readonly RequestScript _script = request switch
    {
        "read 4k" => new RequestScript(mode, NbdWire.CmdRead, 4 << 10),
        "write 4k" => new RequestScript(mode, NbdWire.CmdWrite, 4 << 10),
        "block status" => new RequestScript(mode, NbdWire.CmdBlockStatus, 64 << 10),
        "flush" => new RequestScript(mode, NbdWire.CmdFlush, 0),
        _ => throw new ArgumentException(request, nameof(request)),
    };

    /// <summary>A connection from the handshake to its end.</summary>
    public void Run()
    {
        ReplayWire wire = new(_script, depth);
        if (chain == null)
            WireAlone.Serve(wire, _script);
        else
            chain.Server.Serve(wire);
        _rounds.Add(wire.Result);
    }

    /// <summary>The row: medians of all connections but the first, and the least time.</summary>
    public override string ToString()
    {
        Measurement[] counted = [.. _rounds.Skip(1)];
        double best = counted.Min(round => round.WallNs);
        return $"| {chain?.Name ?? "(the wire alone)"} | {request} | {mode.ToString().ToLowerInvariant()} | {depth}"
            + $" | {Median(counted.Select(round => round.CpuNs)):f0}"
            + $" | {Median(counted.Select(round => round.WallNs)):f0} | {best:f0}"
            + $" | {Median(counted.Select(round => round.Bytes)):f2} |";
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
