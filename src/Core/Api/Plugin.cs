// A plugin: where bytes come from. Not: what is layered over it (Filter).

using System.IO;
using NbdFast.Chain;

namespace NbdFast;

/// <summary>
/// A source of bytes, one object per process. A plugin without state per connection is its own connection and overrides
/// the operations of <see cref="Link"/> itself; one with such state overrides <see cref="Open"/>, with the connection's
/// sealed class as the return type, so that the generator sees what that overrides: <c>public override Connection
/// Open(OpenRequest request) => new(this);</c>
/// </summary>
public abstract class Plugin : Link, IUnit
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

    /// <summary>The name that stands for "" (<c>.default_export</c>), or null if the default export may not be
    /// opened.</summary>
    public virtual string? DefaultExport(ClientInfo client) => "";

    /// <summary>Lists the exports (<c>.list_exports</c>). Default: the default export alone.</summary>
    public virtual Errno ListExports(ClientInfo client, ExportList exports)
    {
        exports.UseDefaultExport = true;
        return Errno.Ok;
    }

    /// <summary>Opens the export for a client (<c>.open</c>). Default: the plugin is its own connection.</summary>
    /// <returns>The connection, or null after <see cref="OpenRequest.Error"/> was set.</returns>
    public virtual Link? Open(OpenRequest request) => this;

    /// <summary>The last call (<c>.unload</c>).</summary>
    public virtual void Dispose()
    {
    }
}
