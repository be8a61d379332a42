// Zeroes between regions. Not: the holes of a file.

using System;

namespace NbdFast.Plugins.Shared.Regions;

/// <summary>Any number of zeroes, at any position.</summary>
internal sealed class Padding : FixedContent
{
    /// <summary>The one that there need be.</summary>
    public static Padding Instance { get; } = new();

    private Padding()
    {
    }

    /// <inheritdoc/>
    [HotPath]
    public override Errno Read(Span<byte> buffer, ulong offset)
    {
        buffer.Clear();
        return Errno.Ok;
    }

    /// <inheritdoc/>
    [HotPath]
    public override Errno Extents(ulong count, ulong offset, RequestFlags flags, ExtentList extents) =>
        extents.Add(offset, count, ExtentType.HoleZero);

    /// <inheritdoc/>
    [HotPath]
    public override Loan Lend(uint count, ulong offset, bool wantHoles) => Loan.OfHole(count);

    private protected override string Refusal => "write non-zeroes to padding region";

    private protected override bool Holds(ReadOnlySpan<byte> data, ulong offset) => !data.ContainsAnyExcept((byte)0);

    private protected override bool HoldsZeroes(ulong count, ulong offset) => true;
}
