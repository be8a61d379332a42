// The open layers from one layer down to the plugin. Not: how they were opened (ChainOpener).

using System;

namespace NbdFast.Chain;

/// <summary>A chain, or the lower part of one, opened for a client: prepared and described.</summary>
public sealed class OpenedLayers : IDisposable
{
    private readonly ChainConfig _chain;
    private readonly int _layer;
    private bool _finished;
    private bool _closed;

    internal OpenedLayers(ChainConfig chain, int layer, string exportName)
    {
        _chain = chain;
        _layer = layer;
        ExportName = exportName;
        Plan = ExecutionPlanRule.Of(chain);
        Next = NothingBelow.Chain;
    }

    /// <summary>The seven pointers of the topmost layer.</summary>
    public ChainNext Next { get; internal set; }

    /// <summary>What the topmost layer described.</summary>
    public ref readonly ExportInfo Info => ref Next.Info;

    /// <summary>The name of the export that was opened: what was asked for, or what stands for "".</summary>
    public string ExportName { get; }

    /// <summary>On which thread operations run: a matter of the whole chain.</summary>
    public ExecutionPlan Plan { get; }

    /// <summary>The connection of the topmost layer, once it is there.</summary>
    internal Link? Layer { get; set; }

    /// <summary>The topmost layer may do I/O, and so must be finished.</summary>
    internal bool IsPrepared { get; set; }

    /// <summary>The layers below, or null at the plugin and where they were not opened.</summary>
    internal OpenedLayers? Below { get; set; }

    /// <summary>No operation may follow.</summary>
    internal bool IsFinished => _finished;

    private IUnit Unit => _chain.Unit(_layer);

    /// <summary>The last I/O of each layer, outermost first; then nothing but <see cref="Dispose"/> may
    /// follow.</summary>
    /// <returns>The first error; every layer is asked nevertheless.</returns>
    public Errno Finish()
    {
        using var turn = new Turn(_chain.Turn);
        if (_finished)
            return Errno.Ok;

        Errno errno = Errno.Ok;
        if (IsPrepared)
        {
            Log.DebugCall($"{Unit.Table.Name}: finalize");
            errno = Fault.Serving(Unit, "finalize", Layer!.Finish);
        }

        _finished = true;
        Errno below = Below?.Finish() ?? Errno.Ok;
        return errno == Errno.Ok ? below : errno;
    }

    /// <summary>Closes the layers, outermost first. Calls <see cref="Finish"/> if that was not done.</summary>
    public void Dispose()
    {
        using var turn = new Turn(_chain.Turn);
        if (_closed)
            return;

        // Nobody is left to be told of an error; the layer that failed has logged it.
        _ = Finish();
        _closed = true;
        if (Layer is { } layer)
        {
            Log.DebugCall($"{Unit.Table.Name}: close");
            _ = Fault.Serving(Unit, "close", () =>
            {
                layer.Close();
                return Errno.Ok;
            });
        }

        Below?.Dispose();
    }
}
