// A plugin that allocates nothing itself, unless told to, so that whatever is allocated is the server's. Not: a unit of
// the command line.

using System;
using NbdFast.Chain;
using NbdFast.Native;

namespace NbdFast.Allocations;

/// <summary>Serves native memory, lent or copied.</summary>
internal sealed class SteadyPlugin : Plugin
{
    public const int Size = 4 << 20;

    private readonly NativeBuffer _disk = new(Size);

    /// <summary>Makes the plugin.</summary>
    /// <param name="latency">Decides on which threads it runs.</param>
    /// <param name="lends">Reads are answered from where the bytes lie.</param>
    public SteadyPlugin(Latency latency, bool lends) => Table = new UnitTable
    {
        Name = "steady",
        LongName = "steady plugin",
        Latency = latency,
        Operations = lends ? Operations.All | Operations.Lend : Operations.All,
    };

    public override UnitTable Table { get; }

    /// <summary>A flush allocates after all: to see that it is noticed.</summary>
    public bool MakesGarbage { get; init; }

    /// <summary>What every request ends with.</summary>
    public Errno Answer { get; init; }

    public override string? MissingParameter => null;

    public override bool Bind(string key, string value) => false;

    public override Errno Describe(ref ExportInfo info)
    {
        info.Size = Size;
        return Errno.Ok;
    }

    public override Errno Read(Span<byte> buffer, ulong offset)
    {
        _disk.Span.Slice((int)offset, buffer.Length).CopyTo(buffer);
        return Answer;
    }

    public override Errno Write(ReadOnlySpan<byte> data, ulong offset, RequestFlags flags)
    {
        data.CopyTo(_disk.Span[(int)offset..]);
        return Answer;
    }

    public override Errno Flush()
    {
        if (MakesGarbage)
            GC.KeepAlive(new object());
        return Answer;
    }

    public override Errno Trim(ulong count, ulong offset, RequestFlags flags) => Answer;

    public override Errno Zero(ulong count, ulong offset, RequestFlags flags)
    {
        _disk.Span.Slice((int)offset, (int)count).Clear();
        return Answer;
    }

    public override Errno Extents(ulong count, ulong offset, RequestFlags flags, ExtentList extents)
    {
        if (Answer != Errno.Ok)
            return Answer;
        Errno errno = extents.Add(offset, count / 2, ExtentType.Data);
        return errno == Errno.Ok ? extents.Add(offset + count / 2, count - count / 2, ExtentType.HoleZero) : errno;
    }

    public override Errno Cache(ulong count, ulong offset) => Answer;

    public override Loan Lend(uint count, ulong offset, bool wantHoles) =>
        Loan.OfMemory(_disk.Address + (nint)offset, count);

    public override void Dispose() => _disk.Release();
}
