// The disk of size 0. Not: a disk of zeroes (null).

using System;

namespace NbdFast.Plugins.Zero;

/// <summary>Serves an empty, read-only disk, for tests of the corner cases of servers and clients.</summary>
[NbdPlugin("zero", "nbdkit zero plugin", ThreadModel = ThreadModel.Parallel, Latency = Latency.Memory,
    Description = "Zero length disk.")]
public sealed partial class ZeroPlugin : Plugin
{
    /// <inheritdoc/>
    public override Errno Describe(ref ExportInfo info)
    {
        info.Size = 0;
        info.MultiConn = true;
        info.Cache = CacheSupport.Native;
        return Errno.Ok;
    }

    /// <summary>Comes with an empty buffer, if at all: every other range is beyond the end.</summary>
    [HotPath]
    public override Errno Read(Span<byte> buffer, ulong offset)
    {
        buffer.Clear();
        return Errno.Ok;
    }
}
