// Catches the messages of units and server for a test. Not: a running server's standard error (ServerProcess).

using System;
using NbdFast.Diagnostics;

namespace NbdFast.Testing;

/// <summary>Takes all messages of the process until it is disposed of. Tests that use it belong to a collection that
/// runs alone, for messages of other tests would come in.</summary>
public sealed class LogCapture : IDisposable
{
    private readonly ILogSink _sink = Log.Sink;
    private readonly Action<string> _debugSink = Log.DebugSink;
    private readonly bool _wasVerbose = Log.IsVerbose;

    /// <summary>Begins to catch.</summary>
    /// <param name="verbose">As under <c>-v</c>.</param>
    public LogCapture(bool verbose = false)
    {
        Log.Sink = new JournalSink(Errors);
        Log.DebugSink = Debug.Add;
        Log.IsVerbose = verbose;
    }

    /// <summary>Error messages, with their prefix.</summary>
    public Journal Errors { get; } = new();

    /// <summary>Debug messages, with their prefix.</summary>
    public Journal Debug { get; } = new();

    /// <summary>Lets messages go where they went before.</summary>
    public void Dispose()
    {
        Log.Sink = _sink;
        Log.DebugSink = _debugSink;
        Log.IsVerbose = _wasVerbose;
    }

    private sealed class JournalSink(Journal journal) : ILogSink
    {
        public void Error(string line) => journal.Add(line);
    }
}
