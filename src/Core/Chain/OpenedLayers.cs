// The open layers from one layer down to the plugin. Not: how they were opened (ChainOpener).

using System;

namespace NbdFast.Chain;

/// <summary>A chain, or the lower part of one, opened for a client: prepared and described.</summary>
public sealed class OpenedLayers : IDisposable
{
    internal OpenedLayers()
    {
    }

    /// <summary>The seven pointers of the topmost layer.</summary>
    public ChainNext Next { get; internal set; }

    /// <summary>The last I/O of each layer, outermost first; then nothing but <see cref="Dispose"/> may
    /// follow.</summary>
    public Errno Finish() => Errno.Ok;

    /// <summary>Closes the layers, outermost first. Calls <see cref="Finish"/> if that was not done.</summary>
    public void Dispose()
    {
    }
}
