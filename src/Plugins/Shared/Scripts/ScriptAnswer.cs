// What a script answered to a call: the meaning of its exit code. Not: running it (ScriptRun), what its output means to
// a method.

using System;
using System.Globalization;
using System.Text;

namespace NbdFast.Plugins.Scripts;

/// <summary>The answer to one call ("Exit codes" in nbdkit-sh-plugin(3)).</summary>
/// <param name="path">The script, for messages.</param>
/// <param name="method">The method, for messages.</param>
internal sealed class ScriptAnswer(string path, string method)
{
    private const string NothingSaid = "script exited with error, but did not print an error message on stderr";

    private BoundedBytes _printed = new(0);

    /// <summary>What came of it.</summary>
    public ScriptStatus Status { get; private set; }

    /// <summary>Why it failed.</summary>
    public Errno Error { get; private set; }

    /// <summary>The line for the user about that; empty if there is nothing to tell.</summary>
    public string Message { get; private set; } = "";

    /// <summary>How many bytes the script printed.</summary>
    public long PrintedBytes { get; private set; }

    /// <summary>What it printed, apart from what was read into the target of the call.</summary>
    public ReadOnlySpan<byte> Printed => _printed.Kept;

    /// <summary>What it printed, as a text without the newline at its end.</summary>
    public string Text => Encoding.UTF8.GetString(Line);

    /// <summary>What it printed, without the newline at its end.</summary>
    public ReadOnlySpan<byte> Line => Printed is [.. var line, (byte)'\n'] ? line : Printed;

    /// <summary>Takes the end of a run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="errno">Why it could not be run, or Ok.</param>
    /// <param name="client">Whom some exit codes are about, or null.</param>
    /// <param name="mayBeFalse">The method is a question, which may be answered with no.</param>
    public void Take(ScriptResult run, Errno errno, ClientInfo? client, bool mayBeFalse)
    {
        _printed = run.Printed;
        PrintedBytes = run.Filled + run.Printed.Added;
        if (errno != Errno.Ok)
            Fail(Errno.EIO, errno.Text());
        else
            TakeExitCode(run, client);
        if (Status == ScriptStatus.False && !mayBeFalse)
            Fail(Errno.EIO, $"{method} method returned unexpected code (3/false)");
        if (Status == ScriptStatus.Ok && run.IsCut)
            Fail(Errno.EIO, $"{method} method printed more than {_printed.Kept.Length} bytes");
    }

    /// <summary>Makes the answer an error.</summary>
    /// <param name="error">Its errno.</param>
    /// <param name="reason">Its text, without the script's path.</param>
    /// <returns>The errno.</returns>
    public Errno Fail(Errno error, string reason)
    {
        Status = ScriptStatus.Failed;
        Error = error;
        Message = $"{path}: {reason}";
        return error;
    }

    /// <summary>Makes the answer an error: its output has not the form that it must have.</summary>
    public Errno FailToParse() => Fail(Errno.EIO, $"could not parse output from {method} method: {Text}");

    /// <summary>Tells the user if this is an error.</summary>
    /// <returns>The errno, or Ok.</returns>
    public Errno Tell()
    {
        if (Status != ScriptStatus.Failed)
            return Errno.Ok;
        if (Message.Length > 0)
            Log.Error(Message);
        return Error;
    }

    /// <summary>Ends the start if this is an error.</summary>
    /// <returns>This.</returns>
    /// <exception cref="ConfigException">It is.</exception>
    public ScriptAnswer Check() => Status != ScriptStatus.Failed ? this : throw new ConfigException(Message);

    private void TakeExitCode(ScriptResult run, ClientInfo? client)
    {
        switch (run.ExitCode)
        {
            case 0: Status = ScriptStatus.Ok; return;
            case 2: Status = ScriptStatus.Missing; return;
            case 3: Status = ScriptStatus.False; return;
            case 4 or 5: ServerControl.Shutdown(); break;
            case 6: client?.Disconnect(force: true); break;
            case 7 or 8: client?.Disconnect(force: false); break;
            case < 0:
                string signal = (-run.ExitCode).ToString(CultureInfo.InvariantCulture);
                Log.Error($"{path}: script terminated by signal {signal}");
                break;
        }

        if (run.ExitCode is 4 or 7)
            Status = ScriptStatus.Ok;
        else if (run.ExitCode == 6)
            Fail(Errno.ESHUTDOWN, "the script disconnected the client");
        else
            FailAsSaid(run.Complaints.Kept, run.ExitCode is 5 or 8 ? Errno.ESHUTDOWN : Errno.EIO);
    }

    private void FailAsSaid(ReadOnlySpan<byte> complaints, Errno unnamed)
    {
        ErrorLine line = ErrorLine.Parse(complaints);
        Errno error = line.Error ?? unnamed;
        if (line.Message.Length > 0)
            Fail(error, line.Message);
        else
            Fail(error, line.Error != null ? error.Text() : NothingSaid);
    }
}
