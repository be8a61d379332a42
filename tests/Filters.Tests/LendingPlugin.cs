// A plugin for tests that lends and does not allocate. Not: FakePlugin, which tells of each call.

using System;
using NbdFast.Chain;

namespace NbdFast.Filters.Tests;

/// <summary>A disk of zeroes in memory that lends itself as a hole at the position that was asked for.</summary>
internal sealed class LendingPlugin(ulong size) : Plugin
{
    private readonly UnitTable _table = new()
    {
        Name = "lending",
        LongName = "lending plugin",
        Operations = Operations.All | Operations.Lend,
        Latency = Latency.Memory,
    };

    /// <summary>The position of the last loan, or of the last operation.</summary>
    public ulong LastOffset { get; private set; }

    public override UnitTable Table => _table;

    public override string? MissingParameter => null;

    public override bool Bind(string key, string value) => false;

    public override Errno Describe(ref ExportInfo info)
    {
        info.Size = size;
        info.Fua = FuaSupport.Native;
        info.CanFastZero = true;
        return Errno.Ok;
    }

    public override Errno Read(Span<byte> buffer, ulong offset)
    {
        buffer.Clear();
        return At(offset);
    }

    public override Errno Write(ReadOnlySpan<byte> data, ulong offset, RequestFlags flags) => At(offset);

    public override Errno Flush() => Errno.Ok;

    public override Errno Trim(ulong count, ulong offset, RequestFlags flags) => At(offset);

    public override Errno Zero(ulong count, ulong offset, RequestFlags flags) => At(offset);

    public override Errno Extents(ulong count, ulong offset, RequestFlags flags, ExtentList extents) =>
        extents.Add(offset, size - offset, ExtentType.HoleZero);

    public override Errno Cache(ulong count, ulong offset) => At(offset);

    public override Loan Lend(uint count, ulong offset, bool wantHoles)
    {
        LastOffset = offset;
        return Loan.OfHole(count);
    }

    private Errno At(ulong offset)
    {
        LastOffset = offset;
        return Errno.Ok;
    }
}
