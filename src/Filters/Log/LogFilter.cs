// The log filter: logs what passes through it. Not: its connections (LogFilter.Connection), where the log goes
// (LogJournal).

using System.Text;
using System.Threading;
using NbdFast.Values;

namespace NbdFast.Filters;

/// <summary>Logs all transactions to a file, to a script or to both (nbdkit-log-filter(1)).</summary>
[NbdFilter("log", "nbdkit log filter")]
public sealed partial class LogFilter : Filter
{
    private ulong _connections;
    private ulong _preconnects;
    private ulong _lists;

    /// <summary>The file to log to. Default: none.</summary>
    [NbdParameter("logfile", ValueName = "FILE", Help = "The file to place the log in.")]
    public FilePath? File { get; private set; }

    /// <summary>What is in the file is kept. Default: false.</summary>
    [NbdParameter("logappend", ValueName = "BOOL", Help = "True to append to the log (default false).")]
    public bool Append { get; private set; }

    /// <summary>The script that is run for each entry. Default: none.</summary>
    [NbdParameter("logscript", ValueName = "SCRIPT", Help = "Script to run for logging.")]
    public string? Script { get; private set; }

    // Null before the server is ready, and for good if nothing was asked for.
    private LogJournal? Journal { get; set; }

    /// <inheritdoc/>
    public override void GetReady(ThreadModel model)
    {
        if (File == null && Script == null)
            return;
        LogFile? file = File is { } path ? LogFile.Open(path, Append) : null;
        Journal = new LogJournal(file, Script == null ? null : new LogScript(Script));
        Journal.Print(0, "Ready"u8, Encoding.UTF8.GetBytes($"thread_model={(int)model}"));
    }

    /// <inheritdoc/>
    public override void AfterFork()
    {
        Journal?.Start();
        Journal?.Print(0, "Fork"u8, default);
    }

    /// <inheritdoc/>
    public override Errno Preconnect(ClientInfo client)
    {
        if (Journal is not { } journal)
            return Errno.Ok;
        ulong id = Interlocked.Increment(ref _preconnects);
        journal.Enter(0, "Preconnect"u8, id, client.ServerIsReadOnly ? "readonly=1"u8 : "readonly=0"u8);
        journal.Leave(0, "Preconnect"u8, id, Errno.Ok);
        return Errno.Ok;
    }

    /// <inheritdoc/>
    public override Errno ListExports(ClientInfo client, ExportList exports, ExportsBelow below)
    {
        if (Journal is not { } journal)
            return below.ListExports(client, exports);
        ulong id = Interlocked.Increment(ref _lists);
        string asked = $"readonly={(client.ServerIsReadOnly ? 1 : 0)} tls={(client.IsTls ? 1 : 0)}";
        journal.Enter(0, "ListExports"u8, id, Encoding.UTF8.GetBytes(asked));
        Errno errno = below.ListExports(client, exports);
        string names = errno == Errno.Ok ? LogText.Exports(exports) : "";
        journal.Leave(0, "ListExports"u8, id, errno, Encoding.UTF8.GetBytes(names));
        return errno;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        Journal?.Dispose();
        base.Dispose();
    }
}
