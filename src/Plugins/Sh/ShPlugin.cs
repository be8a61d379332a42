// The sh plugin: one script, or any program, that is called for each method. Not: how it is called (ScriptPlugin).

using System;
using System.Collections.Generic;
using System.IO;
using NbdFast.Values;

namespace NbdFast.Plugins.Scripts;

/// <summary>Serves what a script makes up.</summary>
[NbdPlugin("sh", "nbdkit shell script plugin", Description = "Serve a disk that a script makes up.",
    ThreadModel = ThreadModel.Parallel, Latency = Latency.Blocking)]
public sealed partial class ShPlugin : ScriptPlugin
{
    private const string StandardInput = "-";
    private const string InlineName = "inline-script.sh";

    private string? _script;
    private string? _magicKey;
    private Coprocess? _coprocess;

    /// <summary>Makes the folder of the script.</summary>
    public ShPlugin()
    {
    }

    /// <summary>The path of the script, or "-" for standard input. Bare arguments that come after it belong to the
    /// script, under the key that it wants them to have.</summary>
    [NbdParameter("script", Magic = true, ValueName = "FILENAME", Help = "(required) The shell script to run.")]
    public string? Script
    {
        get => _script;
        private set
        {
            if (_script == null)
                Load(value!);
            else if (string.IsNullOrEmpty(_magicKey))
                throw new ConfigException($"{_script}: expecting key=value on the command line but got: {value}");
            else
                Config(_magicKey, value!);
        }
    }

    private protected override bool HasScripts => _script != null;

    /// <inheritdoc/>
    public override bool Config(string key, string value)
    {
        if (_script == null)
            throw new ConfigException("the first parameter must be script=/path/to/script");
        ScriptAnswer answer = Call(null, "config", [ScriptText.Of(key), ScriptText.Of(value)]).Check();
        if (answer.Status == ScriptStatus.Missing)
            throw new ConfigException($"{_script}: this plugin does not need command line configuration ('{key}')");
        return true;
    }

    /// <inheritdoc/>
    public override void ConfigComplete()
    {
        if (_script == null)
            throw new ConfigException("missing script parameter");
        base.ConfigComplete();
    }

    /// <summary>From here on the process is what it stays, and so may a script be: it is asked whether it can be a
    /// co-process.</summary>
    public override void AfterFork()
    {
        ScriptAnswer answer = Call(null, Coprocess.Method, []);
        if (answer.Status == ScriptStatus.Ok && answer.Text == Coprocess.Version)
            _coprocess = new Coprocess(_script!, Folder.Variable);
        base.AfterFork();
    }

    private protected override bool ExpectLastCall() => _coprocess?.ExpectLastCall() ?? true;

    private protected override void EndScripts() => _coprocess?.Dispose();

    private protected override Errno Execute(
        string path, List<byte[]> call, ReadOnlySpan<byte> input, Span<byte> target, ScriptResult result) =>
        _coprocess == null
            ? base.Execute(path, call, input, target, result)
            : _coprocess.Do(call, input, target, result);

    private protected override string PathOf(string method) => _script!;

    private void Load(string script)
    {
        _script = script == StandardInput ? ReadInline() : RealPath.Parse(script);
        Call(null, "load", []).Check();
        ScriptAnswer answer = Call(null, "magic_config_key", []).Check();
        _magicKey = answer.Status == ScriptStatus.Ok ? answer.Text : null;
    }

    private string ReadInline()
    {
        if (!ServerControl.HasStandardStreams)
            throw new ConfigException("inline script is incompatible with -s");
        using Stream input = Console.OpenStandardInput();
        using MemoryStream text = new();
        try
        {
            input.CopyTo(text);
        }
        catch (IOException error)
        {
            throw new ConfigException("inline script: standard input cannot be read", error);
        }

        return Folder.WriteProgram(InlineName, text.ToArray());
    }
}
