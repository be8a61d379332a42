// All open connections, for when the server ends or memory runs short. Not: what they do.

using System;
using System.Collections.Generic;
using System.Threading;

namespace NbdFast.Server;

/// <summary>The connections of a server.</summary>
internal sealed class ConnectionSet
{
    /// <summary>How long requests under way may take to finish when the server ends.</summary>
    private const int GraceMs = 3000;

    /// <summary>How long a broken-off connection may take to notice.</summary>
    private const int AbortMs = 1000;

    /// <summary>A client that has taken nothing for so long is cut off when others wait for memory.</summary>
    private const int StalledMs = 5000;

    private readonly object _lock = new();
    private bool _toldOfCrowd;
    private readonly HashSet<NbdConnection> _all = [];

    public void Add(NbdConnection connection)
    {
        lock (_lock)
            _all.Add(connection);
    }

    public void Remove(NbdConnection connection)
    {
        lock (_lock)
        {
            _all.Remove(connection);
            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>Breaks off the oldest of the connections that negotiate if there are too many for one that was just
    /// added and does not yet: who only connects can keep nobody out for long.</summary>
    /// <param name="maximum">How many may negotiate at once.</param>
    public void BoundNegotiating(int maximum)
    {
        NbdConnection? oldest = null;
        int count = 0;
        lock (_lock)
        {
            if (_all.Count <= maximum)
                return;
            foreach (NbdConnection connection in _all)
            {
                if (!connection.IsNegotiating)
                    continue;
                count++;
                if (oldest == null || connection.Number < oldest.Number)
                    oldest = connection;
            }
        }

        if (count < maximum)
            return;
        if (!_toldOfCrowd)
            Log.Error($"more than {maximum} clients negotiate at once: closing the connections of the oldest");
        _toldOfCrowd = true;   // Once: the log should not be flooded by whoever floods the server.
        oldest!.Abort();
    }

    /// <summary>Ends every connection: politely, and after a while not.</summary>
    public void EndAll()
    {
        ForEach(connection => connection.Stop());
        if (WaitUntilEmpty(GraceMs))
            return;
        ForEach(connection => connection.Abort());
        if (!WaitUntilEmpty(AbortMs))
            Log.Error("requests are still under way in the plugin or a filter: ending without them");
    }

    /// <summary>Breaks off the connection that has not taken its replies for longest, if there is one.</summary>
    public void AbortMostStalled()
    {
        NbdConnection? worst = null;
        long since = long.MaxValue;
        ForEach(connection =>
        {
            long stalled = connection.StalledSinceMs;
            if (stalled != 0 && stalled < since)
                (worst, since) = (connection, stalled);
        });
        if (worst == null || Environment.TickCount64 - since < StalledMs)
            return;
        Log.Error("memory for requests is short: closing a connection whose client does not read its replies");
        worst.Abort();
    }

    /// <summary>Waits until there is none.</summary>
    /// <returns>There is none.</returns>
    public bool WaitUntilEmpty(int timeoutMs)
    {
        long end = Environment.TickCount64 + timeoutMs;
        lock (_lock)
        {
            while (_all.Count > 0)
            {
                long left = end - Environment.TickCount64;
                if (left <= 0)
                    return false;
                Monitor.Wait(_lock, (int)left);
            }

            return true;
        }
    }

    private void ForEach(Action<NbdConnection> action)
    {
        NbdConnection[] all;
        lock (_lock)
            all = [.. _all];
        foreach (NbdConnection connection in all)
            action(connection);
    }
}
