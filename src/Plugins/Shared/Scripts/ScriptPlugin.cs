// What plugins made of scripts have in common: the life of the process, exports, the calls of scripts. Not: where the
// scripts come from (ShPlugin, EvalPlugin), a connection's requests (ScriptConnection).

using System;
using System.Collections.Generic;
using System.IO;
using System.Text;

namespace NbdFast.Plugins.Scripts;

/// <summary>A plugin whose methods are runs of a script ("Programming model" in nbdkit-sh-plugin(3)).</summary>
public abstract class ScriptPlugin : Plugin
{
    // The largest exit code that has a meaning of its own.
    private const int LargestKnownExitCode = 8;

    private ThreadModel? _model;

    private protected ScriptPlugin()
    {
        Folder = new ScriptFolder();
        Log.Debug($"load: tmpdir: {Folder.Path}");
    }

    /// <inheritdoc/>
    public override ThreadModel EffectiveThreadModel =>
        _model ??= HasScripts ? AskThreadModel() : Table.ThreadModel;

    internal ScriptFolder Folder { get; }

    private protected abstract bool HasScripts { get; }

    /// <inheritdoc/>
    public override void ConfigComplete() => Call(null, "config_complete", []).Check();

    /// <inheritdoc/>
    public override void DumpFields(TextWriter output)
    {
        output.WriteLine($"max_known_status={LargestKnownExitCode}");
        if (!HasScripts)
            return;
        ScriptAnswer answer = Call(null, "dump_plugin", []);
        if (answer.Tell() == Errno.Ok)
            output.Write(Encoding.UTF8.GetString(answer.Printed));
    }

    /// <inheritdoc/>
    public override void GetReady(ThreadModel model)
    {
        Call(null, "get_ready", []).Check();
        Folder.GiveAway();   // The last chance.
    }

    /// <inheritdoc/>
    public override void AfterFork() => Call(null, "after_fork", []).Check();

    /// <inheritdoc/>
    public override Errno Preconnect(ClientInfo client) =>
        Call(client, "preconnect", [ScriptText.Of(client.ServerIsReadOnly)]).Tell();

    /// <inheritdoc/>
    public override Errno ListExports(ClientInfo client, ExportList exports)
    {
        ScriptAnswer answer = AskForExports(client, "list_exports");
        if (answer.Status != ScriptStatus.Missing)
            return answer.Status == ScriptStatus.Ok ? ExportLines.Add(answer.Printed, exports) : answer.Tell();
        exports.UseDefaultExport = true;
        return Errno.Ok;
    }

    /// <inheritdoc/>
    public override string? DefaultExport(ClientInfo client)
    {
        ScriptAnswer answer = AskForExports(client, "default_export");
        if (answer.Tell() != Errno.Ok)
            return null;
        ExportList exports = new();
        return answer.Status == ScriptStatus.Missing ? ""
            : ExportLines.Add(answer.Printed, exports) != Errno.Ok ? null
            : exports.Count > 0 ? exports[0].Name
            : "";
    }

    /// <inheritdoc/>
    public override ScriptConnection? Open(OpenRequest request)
    {
        ScriptAnswer answer = Call(request.Client, "open",
            [
                ScriptText.Of(request.ReadOnly), ScriptText.Of(request.ExportName),
                ScriptText.Of(request.Client.IsTls),
            ]);
        request.Error = answer.Tell();
        if (request.Error != Errno.Ok)
            return null;
        byte[] handle = answer.Status == ScriptStatus.Ok ? answer.Line.ToArray() : [];
        return new ScriptConnection(this, request.Client, request.ReadOnly, handle);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        if (HasScripts && ExpectLastCall())
            Call(null, "unload", []).Tell();
        EndScripts();
        Folder.Delete();
        base.Dispose();
    }

    /// <summary>Calls a method.</summary>
    /// <param name="client">On whose behalf, or null.</param>
    /// <param name="method">Its name.</param>
    /// <param name="arguments">What follows the name.</param>
    /// <param name="input">What the script is to read.</param>
    /// <param name="target">Where the first bytes of its output go; the rest of it is then counted only.</param>
    /// <param name="mayBeFalse">The method is a question, which may be answered with no.</param>
    internal ScriptAnswer Call(
        ClientInfo? client, string method, ReadOnlySpan<byte[]> arguments, ReadOnlySpan<byte> input = default,
        Span<byte> target = default, bool mayBeFalse = false)
    {
        string path = PathOf(method);
        if (Log.IsVerbose)
            Log.Debug($"calling: {path} {method}{ScriptText.Shown(arguments)}");
        ScriptResult result = new(keepsOutput: target.IsEmpty);
        Errno errno = Execute(path, [ScriptText.Of(method), .. arguments], input, target, result);
        if (errno == Errno.Ok)
            Log.Debug($"completed: {path} {method}: status {result.ExitCode}");
        ScriptAnswer answer = new(path, method);
        answer.Take(result, errno, client, mayBeFalse);
        return answer;
    }

    /// <summary>Says that an ability goes without asking.</summary>
    internal virtual bool Supplies(string ability) => false;

    /// <summary>The last call is about to be made.</summary>
    /// <returns>False if nobody would answer.</returns>
    private protected virtual bool ExpectLastCall() => true;

    /// <summary>The last call has been answered: what still runs is to end, for its folder goes.</summary>
    private protected virtual void EndScripts()
    {
    }

    private protected abstract string PathOf(string method);

    /// <summary>Has a method executed. Default: by a run of the script.</summary>
    /// <returns>An error if that is not possible.</returns>
    private protected virtual Errno Execute(
        string path, List<byte[]> call, ReadOnlySpan<byte> input, Span<byte> target, ScriptResult result) =>
        ScriptRun.Do([.. CommandOf(path), .. call], Folder.Variable, input, target, result);

    private protected virtual List<byte[]> CommandOf(string path) => [ScriptText.Of(path)];

    private ScriptAnswer AskForExports(ClientInfo client, string method) =>
        Call(client, method, [ScriptText.Of(client.ServerIsReadOnly), ScriptText.Of(client.IsTls)]);

    private ThreadModel AskThreadModel()
    {
        ScriptAnswer answer = Call(null, "thread_model", []).Check();
        if (answer.Status == ScriptStatus.Missing)
            return ThreadModel.SerializeAllRequests;
        // Dashes and capitals are taken too, as nbdkit does.
        ThreadModel? model = answer.Text.ToLowerInvariant().Replace('-', '_') switch
        {
            "serialize_connections" => ThreadModel.SerializeConnections,
            "serialize_all_requests" => ThreadModel.SerializeAllRequests,
            "serialize_requests" => ThreadModel.SerializeRequests,
            "parallel" => ThreadModel.Parallel,
            _ => null,
        };
        if (model == null)
            Log.Debug($"ignoring the unknown thread model '{answer.Text}'");
        return model ?? ThreadModel.SerializeAllRequests;
    }
}
