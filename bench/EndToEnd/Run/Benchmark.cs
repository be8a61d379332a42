// The run: all rows, all servers, round by round. Not: one cell (Rows).

using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using NbdFast.Bench.EndToEnd.Load;
using NbdFast.Bench.EndToEnd.Report;
using NbdFast.Bench.EndToEnd.Rows;
using NbdFast.Bench.EndToEnd.Servers;

namespace NbdFast.Bench.EndToEnd.Run;

/// <summary>Measures interleaved: in each round every server has its turn on a row before the next row comes. A
/// disturbance of some seconds so hits all of them, and one round only.</summary>
/// <param name="outcome">Rows, servers, and where the samples go.</param>
/// <param name="stages">The disks.</param>
/// <param name="timing">How long to measure.</param>
internal sealed class Benchmark(Outcome outcome, Stages stages, Timing timing)
{
    private volatile bool _stopped;

    /// <summary>No cell begins any more.</summary>
    public void Stop() => _stopped = true;

    /// <summary>Runs all rounds.</summary>
    /// <param name="rounds">How many.</param>
    /// <param name="limit">After this no cell begins any more: on a machine that is busy a quick run stays quick, and
    /// has fewer rounds of some rows.</param>
    /// <param name="roundDone">Called after each.</param>
    public void Run(int rounds, TimeSpan limit, Action roundDone)
    {
        Stopwatch time = Stopwatch.StartNew();
        int cells = rounds * outcome.Rows.Sum(row => outcome.Peers.Count(row.Includes));
        ProgressLine progress = new(Math.Max(cells, 1));
        for (int round = 0; round < rounds && !_stopped; round++)
        {
            foreach (Row row in outcome.Rows)
                foreach (Peer peer in Turns(row, round))
                {
                    if (_stopped || time.Elapsed > limit)
                        break;
                    progress.Next(round + 1, row.Id, peer.Name);
                    Sample sample = Measure(row, peer);
                    // The interrupt of a terminal reaches the server and the client as well.
                    if (!_stopped)
                        outcome.Add(row.Id, peer.Name, sample);
                }

            roundDone();
        }

        progress.End();
    }

    // Who comes last fares a little better, whoever it is. So every second round goes backwards, and another server
    // begins in each pair of rounds: none is always last, nor always after the same other one.
    private IEnumerable<Peer> Turns(Row row, int round)
    {
        Peer[] peers = [.. outcome.Peers.Where(row.Includes)];
        for (int i = 0; i < peers.Length; i++)
        {
            int place = round % 2 == 0 ? i : peers.Length - 1 - i;
            yield return peers[(place + (round / 2)) % peers.Length];
        }
    }

    private Sample Measure(Row row, Peer peer)
    {
        // What failed once is not tried again: it would cost time in each round.
        if (outcome.Failure(row.Id, peer.Name) is { } failure)
            return Sample.Failed(failure);
        try
        {
            return row.Measure(peer, stages.For(row), timing);
        }
        catch (Exception error) when (error is LoadException or IOException)
        {
            return Sample.Failed(error.Message);
        }
    }
}
