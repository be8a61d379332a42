// The log script: an external script called for each entry. Not: what is logged (LogFilter), how a process starts
// (Libc.Spawn).

using System;
using System.Collections.Concurrent;
using System.Globalization;
using System.IO;
using System.Text;
using System.Threading;
using NbdFast.Native;

namespace NbdFast.Filters;

/// <summary>
/// Runs the script for each entry, in the order of the entries and one at a time, on a thread of its own: requests do
/// not wait for it unless it falls behind by <see cref="MaximumWaiting"/> entries. What it answers is ignored.
/// </summary>
internal sealed class LogScript : IDisposable
{
    /// <summary>The most entries that wait for the script.</summary>
    public const int MaximumWaiting = 1024;

    private const string ArrayShell = "/bin/bash";
    private const string PlainShell = "/bin/sh";
    private static readonly TimeSpan LastWait = TimeSpan.FromSeconds(10);

    private readonly BlockingCollection<string> _waiting = new(MaximumWaiting);
    private readonly string _script;
    private readonly string _shell;
    private readonly bool _hasArrays;
    private Thread? _thread;
    private bool _hasFailed;

    /// <summary>Makes it without running anything.</summary>
    /// <param name="script">The text of the script.</param>
    public LogScript(string script)
    {
        _script = script;

        // Lists are assigned as arrays, exports=("a" "b"), which a shell of the POSIX kind does not know.
        _hasArrays = File.Exists(ArrayShell);
        _shell = _hasArrays ? ArrayShell : PlainShell;
    }

    /// <summary>From now on entries are handed to the thread; before, as long as the server may still change its
    /// process, they are run at once.</summary>
    public void Start()
    {
        _thread = new Thread(RunAll) { IsBackground = true, Name = "log script" };
        _thread.Start();
    }

    /// <summary>Calls the script for an entry.</summary>
    public void Add(in LogEntry entry)
    {
        string text = Assignments(in entry) + _script;
        if (_thread == null)
            Run(text);
        else
            _waiting.Add(text);
    }

    /// <summary>Runs the script for what still waits, for ten seconds at most: it may hang.</summary>
    public void Dispose()
    {
        _waiting.CompleteAdding();
        if (_thread == null || _thread.Join(LastWait))
            _waiting.Dispose();
        else
            Log.Error(Errno.ETIMEDOUT, $"logscript: {_waiting.Count} entries were left when the server ended");
    }

    private string Assignments(in LogEntry entry)
    {
        var text = new StringBuilder(256);
        text.Append("act=").Append(Encoding.UTF8.GetString(entry.Action)).Append('\n');
        if (entry.Connection != 0)
            text.Append(CultureInfo.InvariantCulture, $"connection={entry.Connection}\n");
        text.Append("type=").Append(TypeName(entry.Kind)).Append('\n');
        if (entry.Id != 0)
            text.Append(CultureInfo.InvariantCulture, $"id={entry.Id}\n");
        if (!entry.Fields.IsEmpty)
            text.Append(Fields(in entry)).Append('\n');
        if (entry.Kind != LogEntryKind.Leave)
            return text.ToString();
        text.Append(entry.Result == Errno.Ok ? "return=0\n" : "return=-1\n");
        if (entry.Result != Errno.Ok)
            text.Append("error=").Append(Encoding.UTF8.GetString(ErrorName.Of(entry.Result))).Append('\n');
        return text.ToString();
    }

    private string Fields(in LogEntry entry)
    {
        string fields = Encoding.UTF8.GetString(entry.Fields);
        return _hasArrays ? fields : ShellText.WithoutArray(fields);
    }

    private static string TypeName(LogEntryKind kind) => kind switch
    {
        LogEntryKind.Enter => "ENTER",
        LogEntryKind.Leave => "LEAVE",
        _ => "PRINT",
    };

    private void RunAll()
    {
        foreach (string text in _waiting.GetConsumingEnumerable())
            Run(text);
    }

    private void Run(string text)
    {
        int process = Libc.Spawn(_shell, ["sh", "-c", text], withoutInput: true);
        // How the script ends is not our business.
        Errno errno = process < 0 ? (Errno)(-process) : Libc.WaitForChild(process, out _);
        if (errno == Errno.Ok || _hasFailed)
            return;
        _hasFailed = true;
        Log.Error(errno, $"logscript: {_shell}: {errno.Text()}");
    }
}
