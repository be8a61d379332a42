// A chain of units in the test's own process, without a server. Not: a running server (ServerProcess), nor its
// protocol.

using System;
using System.Collections.Generic;
using NbdFast.Chain;

namespace NbdFast.Testing;

/// <summary>
/// Builds a chain from units and parameters, runs it through the whole lifecycle and opens it for a client:
/// <code>
/// using var chain = ChainHarness.Open(new MemoryPlugin(), [new OffsetFilter()], ("size", "1M"), ("offset", "512"));
/// Assert.Equal(Errno.Ok, chain.Next.Write(data, 0, RequestFlags.None));
/// Assert.Equal(data, chain.ReadBytes(0, data.Length));
/// </code>
/// Every layer's contract is asserted on the way (Chain/Links/Checked): a request outside of the disk, a flag that was
/// not offered or an operation after the end throws. Filters are named outermost first, as on a command line. Disposing
/// closes the client's connections, then cleans up and unloads the units.
/// </summary>
/// <remarks>For the start alone use <see cref="Start"/>, and <see cref="Connect"/> for any number of clients. What goes
/// wrong before a client is there throws <see cref="ConfigException"/>.</remarks>
public sealed class ChainHarness : IDisposable
{
    private readonly List<OpenedLayers> _opened = [];
    private bool _ended;

    private ChainHarness(ChainConfig config) => Config = config;

    /// <summary>The layers of the first client, below the server.</summary>
    public ChainNext Next => First.Next;

    /// <summary>What the first client is shown.</summary>
    public ExportInfo Info => First.Next.Info;

    /// <summary>On which thread the server would run operations.</summary>
    public ExecutionPlan Plan => First.Plan;

    /// <summary>The first client's layers.</summary>
    public OpenedLayers First =>
        _opened.Count > 0 ? _opened[0] : throw new InvalidOperationException("nothing was opened");

    internal ChainConfig Config { get; }

    /// <summary>Starts a plugin without filters and opens the default export.</summary>
    public static ChainHarness Open(Plugin plugin, params (string Key, string Value)[] parameters) =>
        Open(plugin, [], parameters);

    /// <summary>Starts a chain and opens the default export, for reading and writing.</summary>
    /// <exception cref="ConfigException">The chain does not start.</exception>
    /// <exception cref="InvalidOperationException">The export cannot be opened; the message has the error.</exception>
    public static ChainHarness Open(
        Plugin plugin, IReadOnlyList<Filter> filters, params (string Key, string Value)[] parameters)
    {
        ChainHarness chain = Start(plugin, filters, parameters);
        Errno errno = chain.Connect(out _);
        if (errno == Errno.Ok)
            return chain;
        chain.Dispose();
        throw new InvalidOperationException($"open: {errno}: {Log.TakeLastError()}");
    }

    /// <summary>Configures a chain and starts it, up to and with after_fork; no client is there yet.</summary>
    /// <exception cref="ConfigException">The chain does not start. Its units are disposed of.</exception>
    public static ChainHarness Start(
        Plugin plugin, IReadOnlyList<Filter> filters, params (string Key, string Value)[] parameters)
    {
        ChainConfig config = ChainBuilder.Build(filters, plugin);
        config.ChecksContract = true;
        try
        {
            foreach ((string key, string value) in parameters)
                config.Apply(key, value);
            config.Complete();
            ChainLifecycle.GetReady(config);
            ChainLifecycle.AfterFork(config);
        }
        catch
        {
            ChainLifecycle.Dispose(config);
            throw;
        }

        return new ChainHarness(config);
    }

    /// <summary>A further client opens an export. It is closed with the chain, or earlier by the test.</summary>
    /// <param name="layers">Null after an error.</param>
    /// <param name="exportName">Which export; "" is the default one.</param>
    /// <param name="readOnly">As under <c>-r</c>.</param>
    /// <param name="client">Who asks; by default somebody of whom nothing is known.</param>
    public Errno Connect(
        out OpenedLayers? layers, string exportName = "", bool readOnly = false, ClientInfo? client = null)
    {
        client ??= new ClientInfo
        {
            ConnectionNumber = _opened.Count + 1,
            ServerIsReadOnly = readOnly,
            ExportName = exportName,
        };
        layers = null;
        Errno errno = Config.Preconnect(client);
        if (errno == Errno.Ok)
            errno = ChainOpener.Open(Config, 0, new OpenRequest(client, exportName, readOnly), out layers);
        if (layers != null)
            _opened.Add(layers);
        return errno;
    }

    /// <summary>The name that stands for "", or null.</summary>
    public string? DefaultExport() => Config.DefaultExport(new ClientInfo(), 0);

    /// <summary>The exports that a client is shown.</summary>
    public Errno ListExports(ExportList exports) => Config.ListExports(new ClientInfo(), exports, 0);

    /// <summary>Reads as the first client.</summary>
    /// <exception cref="InvalidOperationException">The read failed; the message has the error.</exception>
    public byte[] ReadBytes(ulong offset, int count)
    {
        byte[] buffer = new byte[count];
        Errno errno = Next.Read(buffer, offset);
        return errno == Errno.Ok ? buffer : throw new InvalidOperationException($"read: {errno}");
    }

    /// <summary>Asks for extents as the first client.</summary>
    /// <exception cref="InvalidOperationException">The request failed; the message has the error.</exception>
    public IReadOnlyList<Extent> Extents(ulong offset, ulong count, RequestFlags flags = RequestFlags.None)
    {
        var list = new ExtentList(offset, count);
        Errno errno = Next.Extents(count, offset, flags, list);
        if (errno != Errno.Ok)
            throw new InvalidOperationException($"extents: {errno}");
        var extents = new Extent[list.Count];
        for (int i = 0; i < extents.Length; i++)
            extents[i] = list[i];
        return extents;
    }

    /// <summary>Closes all connections, then ends the chain. Any number of times.</summary>
    public void Dispose()
    {
        if (_ended)
            return;
        _ended = true;
        foreach (OpenedLayers layers in _opened)
            layers.Dispose();
        ChainLifecycle.Cleanup(Config);
        ChainLifecycle.Dispose(Config);
    }
}
