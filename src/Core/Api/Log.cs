// Messages of the server and its units. Not: where they go (Diagnostics).

using System;
using System.Runtime.CompilerServices;
using NbdFast.Diagnostics;

namespace NbdFast;

/// <summary>Messages for the person who runs the server (nbdkit_error(3), nbdkit_debug(3)).</summary>
public static class Log
{
    [ThreadStatic]
    private static string? _context;

    [ThreadStatic]
    private static string? _lastError;

    /// <summary>Debug messages are wanted (<c>-v</c>).</summary>
    public static bool IsVerbose { get; internal set; }

    /// <summary>The name at the start of each message.</summary>
    internal static string ProgramName { get; set; } = "nbdfast";

    /// <summary>The name of this instance (<c>--name</c>), or null.</summary>
    internal static string? InstanceName { get; set; }

    /// <summary>Where error messages go.</summary>
    internal static ILogSink Sink { get; set; } = StderrSink.Instance;

    /// <summary>Where debug messages go: always to standard error, except in tests.</summary>
    internal static Action<string> DebugSink { get; set; } = StderrSink.Instance.Debug;

    /// <summary>What the messages of the calling thread are about, as <c>memory[1]</c>; null for the server
    /// itself.</summary>
    internal static string? Context
    {
        get => _context;
        set => _context = value;
    }

    /// <summary>Tells of an error and hands back its errno, so that a unit can <c>return Log.Error(...)</c>.</summary>
    public static Errno Error(Errno errno, ref DefaultInterpolatedStringHandler message)
    {
        Error(message.ToStringAndClear());
        return errno;
    }

    /// <summary>Tells of an error.</summary>
    public static void Error(string message)
    {
        _lastError = message;
        Sink.Error(Prefix("error") + message);
    }

    /// <summary>Tells of something that a person who looks for a fault wants to know. Formats only under
    /// <c>-v</c>.</summary>
    public static void Debug(ref DebugMessage message)
    {
        if (IsVerbose)
            DebugSink(Prefix("debug") + message.ToStringAndClear());
    }

    /// <summary>Tells of a call into a unit that carries no data. As <see cref="Debug"/>, unless
    /// <c>-D nbdkit.backend.controlpath=0</c> was given.</summary>
    internal static void DebugCall(ref DebugMessage message)
    {
        if (DebugFlags.ControlPath)
            Debug(ref message);
    }

    /// <summary>The text of the thread's last error, which is then forgotten: for the text of a structured error
    /// reply.</summary>
    /// <remarks>Whoever wants the text of one call forgets what was said before it.</remarks>
    internal static string? TakeLastError()
    {
        string? text = _lastError;
        _lastError = null;
        return text;
    }

    /// <summary>Forgets the thread's last error.</summary>
    [HotPath]
    internal static void ForgetLastError() => _lastError = null;

    private static string Prefix(string kind)
    {
        string name = InstanceName is { Length: > 0 } instance ? $"{ProgramName}: {instance}" : ProgramName;
        return _context == null ? $"{name}: {kind}: " : $"{name}: {_context}: {kind}: ";
    }
}

/// <summary>The text of a <see cref="Log.Debug"/>: its parts are not even evaluated unless debugging is on.</summary>
[InterpolatedStringHandler]
public ref struct DebugMessage
{
    private DefaultInterpolatedStringHandler _text;

    /// <summary>Called by the compiler.</summary>
    public DebugMessage(int literalLength, int formattedCount, out bool wanted)
    {
        wanted = Log.IsVerbose;
        _text = wanted ? new DefaultInterpolatedStringHandler(literalLength, formattedCount) : default;
    }

    /// <summary>Called by the compiler.</summary>
    public void AppendLiteral(string value) => _text.AppendLiteral(value);

    /// <summary>Called by the compiler.</summary>
    public void AppendFormatted<T>(T value) => _text.AppendFormatted(value);

    /// <summary>Called by the compiler.</summary>
    public void AppendFormatted<T>(T value, string? format) => _text.AppendFormatted(value, format);

    internal string ToStringAndClear() => _text.ToStringAndClear();
}
