// Whether a file was changed by any client. Not: bringing it to the disk (FileConnection).

using System.Threading;

namespace NbdFast.Plugins.Shared.Files;

/// <summary>
/// Counts the changes of a file that may not be on the disk yet, by all connections to it. Each connection remembers
/// the number up to which it has synced the file: the kernel tells an error of writing back once to each descriptor,
/// so what another connection synced, and was told of, says nothing to this one.
/// </summary>
internal sealed class FileChanges
{
    private long _count;

    /// <summary>The changes that have ended so far.</summary>
    public long Count => Volatile.Read(ref _count);

    /// <summary>A change has ended, well or not. Before its client is told.</summary>
    [HotPath]
    public void Add() => Interlocked.Increment(ref _count);
}
