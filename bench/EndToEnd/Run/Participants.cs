// Who takes part. Not: what they are measured on (Rows).

using System;
using System.Collections.Generic;
using System.Linq;
using NbdFast.Bench.EndToEnd.Servers;

namespace NbdFast.Bench.EndToEnd.Run;

/// <summary>Finds the servers.</summary>
internal static class Participants
{
    /// <summary>nbdfast first, then nbdkit, the other installed ones, those of the command line.</summary>
    /// <exception cref="FormatException">One is not there or is named twice.</exception>
    public static IReadOnlyList<Peer> Find(BenchOptions options)
    {
        List<Peer> peers = [];
        foreach (string path in options.NbdFasts)
            peers.Add(Peer.Describe(peers.Count == 0 ? "nbdfast" : $"nbdfast-{peers.Count + 1}", "nbdfast:" + path));
        HashSet<string> named = [.. options.Peers.Select(peer => peer.Name)];
        foreach (string program in (string[])["nbdkit", "qemu-nbd", "nbd-server"])
            if (!named.Contains(program) && Peer.Find(program) is { } found)
                peers.Add(found);
        peers.AddRange(options.Peers.Select(peer => Peer.Describe(peer.Name, peer.Place)));
        if (peers.GroupBy(peer => peer.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new FormatException($"two servers are called {twice.Key}");
        List<Peer> wanted = [.. peers.Where(peer => options.Only.Count == 0 || options.Only.Contains(peer.Name))];
        return wanted.Count > 0 ? wanted : throw new FormatException("no server takes part");
    }
}
