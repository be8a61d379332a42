// One entry of the log, before it becomes a line or the variables of a script. Not: where it goes (LogFile, LogScript).

using System;

namespace NbdFast.Filters;

/// <summary>Whether an entry says all, or begins or ends something.</summary>
internal enum LogEntryKind
{
    /// <summary>All there is to say.</summary>
    Print,

    /// <summary>A call begins.</summary>
    Enter,

    /// <summary>A call has ended.</summary>
    Leave,
}

/// <summary>An entry. Texts are UTF-8.</summary>
internal readonly ref struct LogEntry
{
    /// <summary>What kind of entry it is.</summary>
    public required LogEntryKind Kind { get; init; }

    /// <summary>What was done, as <c>Read</c>.</summary>
    public required ReadOnlySpan<byte> Action { get; init; }

    /// <summary>The number of the connection, or 0 outside of one.</summary>
    public ulong Connection { get; init; }

    /// <summary>What ties <see cref="LogEntryKind.Enter"/> and <see cref="LogEntryKind.Leave"/> together, or
    /// 0.</summary>
    public ulong Id { get; init; }

    /// <summary>Assignments, as <c>offset=0x0 count=0x200</c>; may be empty.</summary>
    public ReadOnlySpan<byte> Fields { get; init; }

    /// <summary>For <see cref="LogEntryKind.Leave"/>: how it ended.</summary>
    public Errno Result { get; init; }
}
