// How long the steps of all transfers took (-D curl.times=1). Not: timeouts.

using System.Collections.Generic;
using NbdFast.Plugins.Curl.Native;

namespace NbdFast.Plugins.Curl;

/// <summary>Sums, told once at the end. Used by the driving thread.</summary>
internal sealed class TransferTimes
{
    private const double MicrosecondsPerSecond = 1_000_000;

    // Each lasts from the end of the one before it. A step that a transfer does not have ends at 0.
    private static readonly (string Name, CurlInfo End)[] Steps =
    [
        ("name resolution", CurlInfo.NameLookupTime),
        ("connection", CurlInfo.ConnectTime),
        ("SSL negotiation", CurlInfo.AppConnectTime),
        ("pretransfer", CurlInfo.PreTransferTime),
        ("first byte received", CurlInfo.StartTransferTime),
        ("data transfer", CurlInfo.TotalTime),
    ];

    private readonly object _lock = new();
    private readonly long[] _sums = new long[Steps.Length];
    private long _redirection;

    /// <summary>Adds a transfer that has ended.</summary>
    public void Add(EasyHandle handle)
    {
        lock (_lock)
        {
            long reached = 0;
            for (int i = 0; i < Steps.Length; i++)
            {
                long end = handle.GetNumber(Steps[i].End);
                if (end <= reached)
                    continue;
                _sums[i] += end - reached;
                reached = end;
            }

            _redirection += handle.GetNumber(CurlInfo.RedirectTime);
        }
    }

    /// <summary>Tells the sums.</summary>
    public void Tell()
    {
        foreach (string line in Lines())
            Log.Debug($"{line}");
    }

    private IEnumerable<string> Lines()
    {
        yield return "times (-D curl.times=1):";
        for (int i = 0; i < Steps.Length; i++)
            yield return Line(Steps[i].Name, _sums[i]);
        yield return Line("redirection time", _redirection);
    }

    private static string Line(string name, long microseconds) =>
        $"{name,-30}: {microseconds / MicrosecondsPerSecond,11:F6} s";
}
