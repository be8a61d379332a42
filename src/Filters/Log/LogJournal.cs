// Where entries go: the file, the script, or both. Not: what is logged (LogFilter).

using System;

namespace NbdFast.Filters;

/// <summary>The destinations of one log filter.</summary>
internal sealed class LogJournal(LogFile? file, LogScript? script) : IDisposable
{
    /// <summary>Background threads may be started now.</summary>
    public void Start() => script?.Start();

    /// <summary>Logs something that has no duration.</summary>
    public void Print(ulong connection, ReadOnlySpan<byte> action, ReadOnlySpan<byte> fields) =>
        Add(new LogEntry { Kind = LogEntryKind.Print, Connection = connection, Action = action, Fields = fields });

    /// <summary>Logs that a call begins.</summary>
    public void Enter(ulong connection, ReadOnlySpan<byte> action, ulong id, ReadOnlySpan<byte> fields) =>
        Add(new LogEntry
        {
            Kind = LogEntryKind.Enter,
            Connection = connection,
            Action = action,
            Id = id,
            Fields = fields,
        });

    /// <summary>Logs that a call has ended.</summary>
    public void Leave(
        ulong connection, ReadOnlySpan<byte> action, ulong id, Errno result, ReadOnlySpan<byte> fields = default) =>
        Add(new LogEntry
        {
            Kind = LogEntryKind.Leave,
            Connection = connection,
            Action = action,
            Id = id,
            Result = result,
            Fields = fields,
        });

    /// <inheritdoc/>
    public void Dispose()
    {
        script?.Dispose();
        file?.Dispose();
    }

    private void Add(in LogEntry entry)
    {
        file?.Add(in entry);
        script?.Add(in entry);
    }
}
