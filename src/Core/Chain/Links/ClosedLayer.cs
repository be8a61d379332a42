// Answers every operation with EIO. Not: a plugin that lacks an operation (AbsentOperation).

using System;

namespace NbdFast.Chain.Links;

/// <summary>The place of layers that are not open.</summary>
internal sealed class ClosedLayer : Link
{
    public override Errno Read(Span<byte> buffer, ulong offset) => Refuse();

    public override Errno Write(ReadOnlySpan<byte> data, ulong offset, RequestFlags flags) => Refuse();

    public override Errno Flush() => Refuse();

    public override Errno Trim(ulong count, ulong offset, RequestFlags flags) => Refuse();

    public override Errno Zero(ulong count, ulong offset, RequestFlags flags) => Refuse();

    public override Errno Extents(ulong count, ulong offset, RequestFlags flags, ExtentList extents) => Refuse();

    public override Errno Cache(ulong count, ulong offset) => Refuse();

    private static Errno Refuse() => Log.Error(Errno.EIO, $"the layers below are not open");
}
