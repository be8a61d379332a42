// The eval plugin: shell scripts on the command line, one for each method. Not: how they are called (ScriptPlugin).

using System.Collections.Frozen;
using System.Collections.Generic;

namespace NbdFast.Plugins.Scripts;

/// <summary>Serves what a few lines of shell make up.</summary>
[NbdPlugin("eval", "nbdkit eval plugin",
    Description = """
        Serve a disk that a few lines of shell make up.
        get_size=' SCRIPT '
        pread=' SCRIPT '
        [etc]
        """,
    ThreadModel = ThreadModel.Parallel, Latency = Latency.Blocking)]
public sealed partial class EvalPlugin : ScriptPlugin
{
    private const string MissingKey = "missing";
    private const string NoSuchMethod = "exit 2";

    private static readonly byte[] Shell = "/bin/sh"u8.ToArray();

    private static readonly FrozenSet<string> Methods = FrozenSet.Create(
        "after_fork", "block_size", "cache", "can_cache", "can_extents", "can_fast_zero", "can_flush", "can_fua",
        "can_multi_conn", "can_trim", "can_write", "can_zero", "close", "config", "config_complete", "default_export",
        "dump_plugin", "export_description", "extents", "flush", "get_ready", "get_size", "is_rotational",
        "list_exports", "open", "pread", "preconnect", "pwrite", "thread_model", "trim", "unload", "zero");

    // What can be done goes without saying; the others have to be said.
    private static readonly FrozenDictionary<string, string> MethodOfAbility = new Dictionary<string, string>
    {
        ["can_write"] = "pwrite",
        ["can_flush"] = "flush",
        ["can_trim"] = "trim",
        ["can_zero"] = "zero",
        ["can_extents"] = "extents",
        ["can_cache"] = "cache",
    }.ToFrozenDictionary();

    private readonly Dictionary<string, string> _paths = [];

    /// <summary>Makes the folder of the scripts.</summary>
    public EvalPlugin() => Folder.WriteProgram(MissingKey, ScriptText.Of(NoSuchMethod));

    /// <summary>The script that is run in the place of those that are not given; by default one that says that there is
    /// no such method.</summary>
    [NbdParameter(MissingKey, ValueName = "SCRIPT", Help = "The script for all methods without one of their own.")]
    public string? Missing
    {
        get;
        private set
        {
            field = value;
            Define(MissingKey, value!);
        }
    }

    private protected override bool HasScripts => true;

    /// <inheritdoc/>
    public override bool Config(string key, string value)
    {
        if (Methods.Contains(key))
        {
            Define(key, value);
            return true;
        }

        ScriptAnswer answer = Call(null, "config", [ScriptText.Of(key), ScriptText.Of(value)]).Check();
        if (answer.Status == ScriptStatus.Missing)
            throw new ConfigException(
                $"{PathOf("config")}: callback '{key}' is unknown, and there is no 'config' callback to handle it");
        return true;
    }

    internal override bool Supplies(string ability) =>
        !_paths.ContainsKey(ability) && MethodOfAbility.TryGetValue(ability, out string? method)
        && _paths.ContainsKey(method);

    private protected override string PathOf(string method) =>
        _paths.TryGetValue(method, out string? path) ? path : Folder.FileOf(MissingKey);

    // Not left to the system: the folder may be on a file system from which no programs are run.
    private protected override List<byte[]> CommandOf(string path) => [Shell, ScriptText.Of(path)];

    private void Define(string method, string script)
    {
        if (!_paths.TryAdd(method, Folder.FileOf(method)))
            throw new ConfigException($"method {method} defined more than once on the command line");
        Folder.WriteProgram(method, ScriptText.Of(script));
    }
}
