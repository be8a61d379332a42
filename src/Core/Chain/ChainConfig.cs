// The configured chain of one export, for the life of the process. Not: its open connections (OpenedLayers), nor when
// its units are started and ended (ChainLifecycle).

using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;

namespace NbdFast.Chain;

/// <summary>The units of a command line and their parameters. Layers are numbered from the outermost filter, 0, to the
/// plugin, which is <see cref="PluginLayer"/>.</summary>
internal sealed partial class ChainConfig
{
    private readonly Filter[] _filters;
    private ThreadModel? _model;
    private Lock? _turn;

    internal ChainConfig(Filter[] filters, Plugin plugin)
    {
        _filters = filters;
        Plugin = plugin;
    }

    /// <summary>The plugin.</summary>
    public Plugin Plugin { get; }

    /// <summary>The filters, outermost first.</summary>
    public IReadOnlyList<Filter> Filters => _filters;

    /// <summary>The number of the plugin's layer.</summary>
    public int PluginLayer => _filters.Length;

    /// <summary>The key of a bare argument, or null if the plugin has none.</summary>
    public string? MagicKey => Plugin.Table.MagicKey;

    /// <summary>The operations that any layer overrides.</summary>
    public Operations Operations => Layers.Aggregate(Operations.None, (set, unit) => set | unit.Table.Operations);

    /// <summary>The strictest thread model of all layers; settled by <see cref="Complete"/>.</summary>
    public ThreadModel ThreadModel => _model ?? StrictestModel();

    /// <summary>How long a call into the chain may take: the worst of its layers.</summary>
    public Latency Latency => ExecutionPlanRule.LatencyOf(this);

    /// <summary>Makes filters' connections over fused layers where the command line allows it, or null.</summary>
    public FusedConnector? FusedConnect { get; set; }

    /// <summary>Lay <see cref="Links.Checked"/> over every layer: for tests.</summary>
    public bool ChecksContract { get; set; }

    /// <summary>What clients outside of a connection count as: <c>--tls=require</c> was given
    /// (nbdkit_next_context_open, <c>shared</c>).</summary>
    public bool RequiresTls { get; set; }

    /// <summary>The one lock of a chain that serializes all requests, else null.</summary>
    public Lock? Turn => _turn;

    /// <summary>All units, outermost first.</summary>
    internal IEnumerable<IUnit> Layers => _filters.Cast<IUnit>().Append(Plugin);

    /// <summary>The unit of a layer.</summary>
    internal IUnit Unit(int layer) => layer < _filters.Length ? _filters[layer] : Plugin;

    /// <summary>Whether a text may be the key of a parameter; an argument that does not begin with a key and '=' is a
    /// bare one (<c>.config</c> in nbdkit-plugin(3)).</summary>
    public static bool IsKey(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || !char.IsAsciiLetter(text[0]))
            return false;
        foreach (char c in text)
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '_' or '-'))
                return false;
        return true;
    }

    /// <summary>Gives a parameter to the outermost filter; what a layer does not claim goes down.</summary>
    /// <exception cref="ConfigException">No layer knows the key, or the value is wrong.</exception>
    public void Apply(string key, string value)
    {
        if (!IsKey(key))
            throw new ConfigException($"'{key}' cannot be the name of a parameter");

        // The line is written for outer layers before the one that knows of the secret sees it.
        bool secret = Layers.Any(unit => unit.Table.SecretKeys.Contains(key));
        foreach (IUnit unit in Layers)
        {
            Log.DebugCall($"{unit.Table.Name}: config key={key}, value={(secret ? "***" : value)}");
            if (!TryTake(unit, key, value))
                continue;

            // nbdkit loads a filter once however often it is named, so that all its layers share their parameters.
            foreach (IUnit twin in Layers.Where(other => other != unit && other.Table == unit.Table))
                _ = TryTake(twin, key, value);
            return;
        }

        throw new ConfigException(
            TakesParameters(Plugin.Table)
                ? $"unknown parameter '{key}'"
                : $"{Plugin.Table.Name}: this plugin does not need command line configuration ('{key}')");
    }

    private static bool TryTake(IUnit unit, string key, string value) =>
        Fault.Configuring(unit, () => unit.Bind(key, value) || unit.Config(key, value));

    /// <summary>All parameters were given: every layer checks its own, outermost first; then the thread model is
    /// settled.</summary>
    /// <exception cref="ConfigException">A required parameter is missing, or they do not fit together.</exception>
    public void Complete()
    {
        foreach (IUnit unit in Layers)
        {
            Log.DebugCall($"{unit.Table.Name}: config_complete");
            if (unit.MissingParameter is { } message)
                throw new ConfigException(message);
            Fault.Configuring(unit, unit.ConfigComplete);
        }

        _model = StrictestModel();
        _turn = _model == ThreadModel.SerializeAllRequests ? new Lock() : null;
        Log.Debug($"using thread model: {NameOf(_model.Value)}");
    }

    /// <summary>The name of a thread model as <c>--dump-plugin</c> shows it.</summary>
    public static string NameOf(ThreadModel model) => model switch
    {
        ThreadModel.SerializeConnections => "serialize_connections",
        ThreadModel.SerializeAllRequests => "serialize_all_requests",
        ThreadModel.SerializeRequests => "serialize_requests",
        _ => "parallel",
    };

    // A unit may ask for a stricter model than it declares; a looser one is ignored (.thread_model).
    private ThreadModel StrictestModel() =>
        Layers.Min(unit => (ThreadModel)Math.Min((int)unit.EffectiveThreadModel, (int)unit.Table.ThreadModel));

    private static bool TakesParameters(UnitTable table) =>
        table.MagicKey != null || table.Callbacks.Count == 0 || table.Callbacks.Contains("config");
}
