// A filter for the life of the process. Not: its connections (FilterConnection), which carry the operations.

using System.IO;
using NbdFast.Chain;

namespace NbdFast;

/// <summary>
/// A layer over a plugin or another filter, one object per process. Its nested class <c>Connection&lt;TNext&gt;</c>,
/// derived from <see cref="FilterConnection{TNext}"/>, overrides the operations that the filter changes.
/// </summary>
public abstract class Filter : IUnit
{
    /// <inheritdoc/>
    public abstract UnitTable Table { get; }

    /// <inheritdoc/>
    public abstract string? MissingParameter { get; }

    /// <inheritdoc/>
    public virtual ThreadModel EffectiveThreadModel => Table.ThreadModel;

    /// <inheritdoc/>
    public virtual Latency EffectiveLatency => Table.Latency;

    /// <inheritdoc/>
    public virtual string? SwapObjection => IUnit.UnknownToSwap;

    internal LayersBelow? Below { get; set; }

    /// <inheritdoc/>
    public abstract bool Bind(string key, string value);

    /// <inheritdoc/>
    public virtual bool Config(string key, string value) => false;

    /// <inheritdoc/>
    public virtual void ConfigComplete()
    {
    }

    /// <inheritdoc/>
    public virtual void DumpFields(TextWriter output)
    {
    }

    /// <inheritdoc/>
    public virtual void GetReady(ThreadModel model)
    {
    }

    /// <inheritdoc/>
    public virtual void AfterFork()
    {
    }

    /// <inheritdoc/>
    public virtual void Cleanup()
    {
    }

    /// <inheritdoc/>
    public virtual Errno Preconnect(ClientInfo client) => Errno.Ok;

    /// <summary>The name that stands for "" (<c>.default_export</c>), or null if the default export may not be opened.
    /// Default: what lies below says.</summary>
    public virtual string? DefaultExport(ClientInfo client, ExportsBelow below) => below.DefaultExport(client);

    /// <summary>Lists the exports (<c>.list_exports</c>). Default: what lies below lists.</summary>
    public virtual Errno ListExports(ClientInfo client, ExportList exports, ExportsBelow below) =>
        below.ListExports(client, exports);

    /// <summary>A client opens an export: refuse it with an error, change what is asked of the layers below, or set
    /// <see cref="OpenRequest.OpenNext"/> to false (<c>.open</c>, before the layers below).</summary>
    public virtual Errno Opening(OpenRequest request) => Errno.Ok;

    /// <summary>Makes the filter's connection over the layers below, which are open and described. Generated.</summary>
    public abstract Link Connect(in ChainNext next, LayerContext context);

    /// <summary>Opens the layers below once more, for the filter's own use (nbdkit_next_context_open).</summary>
    /// <param name="request">Who asks for which export.</param>
    /// <param name="context">The open layers: prepared and described. The filter disposes of it.</param>
    /// <remarks>To be called from <see cref="AfterFork"/> on and until <see cref="Cleanup"/>.</remarks>
    protected Errno OpenBelow(OpenRequest request, out OpenedLayers? context)
    {
        context = null;
        return Below?.Open(request, out context) ?? NotServing();
    }

    /// <summary>Opens the layers below once more, for all clients to come (nbdkit_next_context_open, <c>shared</c>).
    /// The plugin cannot tell who asks, so the filter must not show an insecure client what is not meant for
    /// it.</summary>
    /// <param name="exportName">Which export; "" is the default one.</param>
    /// <param name="readOnly">It is only read.</param>
    /// <param name="context">The open layers: prepared and described. The filter disposes of it, at the latest in
    /// <see cref="Cleanup"/>.</param>
    protected Errno OpenShared(string exportName, bool readOnly, out OpenedLayers? context)
    {
        context = null;
        return Below?.OpenShared(exportName, readOnly, out context) ?? NotServing();
    }

    private Errno NotServing() =>
        Log.Error(Errno.EINVAL, $"{Table.Name}: the layers below can be opened only while the server runs");

    /// <summary>The last call (<c>.unload</c>).</summary>
    public virtual void Dispose()
    {
    }
}
