// Every store against an array of bytes, with random operations. Not: several threads (StoreConcurrencyTests).

using System;
using System.Runtime.InteropServices;
using NbdFast.Storage;
using NbdFast.Testing;

namespace NbdFast.Core.Tests.Storage;

public sealed class StoreModelTests
{
    private const int Operations = 3000;

    public static TheoryData<string> Names => Stores.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void A_store_behaves_as_an_array_of_bytes(string name)
    {
        Seed seed = new();
        (IBlockStore store, ulong start) = Stores.Create(name);
        using (store)
        {
            byte[] model = new byte[Stores.WindowBytes];
            byte[] buffer = new byte[Stores.WindowBytes];
            for (int i = 0; i < Operations; i++)
            {
                int length = RandomLength(seed.Random);
                int at = RandomStart(seed.Random, length);
                Span<byte> part = model.AsSpan(at, length);
                switch (seed.Random.Next(5))
                {
                    case 0:
                    case 1:
                        seed.Random.NextBytes(part);
                        Assert.Equal(Errno.Ok, store.Write(part, start + (ulong)at));
                        break;
                    case 2:
                        part.Clear();
                        Assert.Equal(Errno.Ok, store.Zero((ulong)length, start + (ulong)at));
                        break;
                    case 3:
                        Assert.Equal(Errno.Ok, store.Read(buffer.AsSpan(0, length), start + (ulong)at));
                        Assert.True(
                            part.SequenceEqual(buffer.AsSpan(0, length)), $"read {at}+{length} of {name}, {seed}");
                        break;
                    default:
                        CheckLoans(store, start + (ulong)at, part, $"{name}, {seed}");
                        break;
                }
            }

            Assert.Equal(Errno.Ok, store.Read(buffer, start));
            Assert.True(model.AsSpan().SequenceEqual(buffer), $"all of {name}, {seed}");
            CheckExtents(store, start, model, $"{name}, {seed}");
        }
    }

    private static int RandomLength(Random random) => random.Next(4) switch
    {
        0 => random.Next(1, 600),
        1 => 4096 * random.Next(1, 5),
        2 => random.Next(1, 40_000),
        _ => random.Next(1, 600_000),
    };

    // Often at the very end, often aligned: that is where mistakes are.
    private static int RandomStart(Random random, int length)
    {
        int last = Stores.WindowBytes - length;
        return random.Next(4) switch
        {
            0 => last,
            1 => random.Next(0, last + 1) & ~4095,
            _ => random.Next(0, last + 1),
        };
    }

    private static void CheckLoans(IBlockStore store, ulong offset, ReadOnlySpan<byte> model, string what)
    {
        while (!model.IsEmpty)
        {
            Loan loan = store.Lend((uint)model.Length, offset);
            if (loan.Kind == LoanKind.None)
            {
                Assert.StartsWith("zstd", what);   // Its bytes do not lie anywhere.
                return;
            }

            Assert.InRange(loan.Length, 1u, (uint)model.Length);
            byte[] lent = new byte[loan.Length];
            if (loan.Kind == LoanKind.Memory)
                Marshal.Copy(loan.Address, lent, 0, lent.Length);
            else
                Assert.Equal(LoanKind.Hole, loan.Kind);
            Assert.True(model[..lent.Length].SequenceEqual(lent), $"loan at {offset} of {what}");
            model = model[lent.Length..];
            offset += loan.Length;
        }
    }

    // What is not said to be data must be zero, and the extents must cover the range.
    private static void CheckExtents(IBlockStore store, ulong start, byte[] model, string what)
    {
        ExtentList extents = new(start, (ulong)model.Length);
        Assert.Equal(Errno.Ok, store.Extents((ulong)model.Length, start, RequestFlags.None, extents));
        ulong next = start;
        for (int i = 0; i < extents.Count; i++)
        {
            Extent extent = extents[i];
            Assert.Equal(next, extent.Offset);
            Span<byte> part = model.AsSpan((int)(extent.Offset - start), (int)extent.Length);
            if (extent.Type != ExtentType.Data)
                Assert.True(!part.ContainsAnyExcept((byte)0), $"extent {extent} of {what}");
            next = extent.End;
        }

        Assert.Equal(start + (ulong)model.Length, next);
    }
}
