// 4096 random bytes at once: eight generators side by side, so that the processor's vectors can run them. Not: which
// part of a disk is wanted (Noise).

using System;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace NbdFast.Plugins.Chance;

/// <summary>
/// Block n of a disk of noise. The numbers 32n to 32n+31 of the seed's <see cref="SplitMix64"/> are the states of eight
/// generators xoshiro256++ (Blackman and Vigna, 2019): first their eight first words, then their eight second words and
/// so on. Each turn all of them yield a word, which follow each other on the disk, lowest byte first. Users rely on
/// this: it must never change.
/// </summary>
internal static class NoiseBlock
{
    /// <summary>Bytes of a block. A power of two, the size of most requests.</summary>
    public const int Bytes = 4096;

    private const int Generators = 8;
    private const int WordsOfState = 4;
    private const int Words = Generators * WordsOfState;
    private const int TurnBytes = Generators * sizeof(ulong);

    /// <summary>Makes a block.</summary>
    /// <param name="block">Where to, <see cref="Bytes"/> long.</param>
    /// <param name="seed">Which disk.</param>
    /// <param name="number">Which block of the disk.</param>
    [HotPath]
    public static void Fill(Span<byte> block, ulong seed, ulong number)
    {
        Span<ulong> states = stackalloc ulong[Words];
        for (int i = 0; i < Words; i++)
            states[i] = SplitMix64.At(seed, (number * Words) + (ulong)i);
        if (Avx2.IsSupported && BitConverter.IsLittleEndian)
            FillByFours(block, states);
        else if (BitConverter.IsLittleEndian)
            FillByTwos(block, states);
        else
            FillOneByOne(block, states);
    }

    // What a native binary for all processors lacks, but not one that is compiled where it runs.
    internal static void FillByFours(Span<byte> block, ReadOnlySpan<ulong> states)
    {
        ReadOnlySpan<Vector256<ulong>> from = MemoryMarshal.Cast<ulong, Vector256<ulong>>(states);
        Span<Vector256<ulong>> to = MemoryMarshal.Cast<byte, Vector256<ulong>>(block[..Bytes]);
        (Vector256<ulong> a0, Vector256<ulong> a1, Vector256<ulong> a2, Vector256<ulong> a3) =
            (from[0], from[2], from[4], from[6]);
        (Vector256<ulong> b0, Vector256<ulong> b1, Vector256<ulong> b2, Vector256<ulong> b3) =
            (from[1], from[3], from[5], from[7]);
        for (int i = 0; i + 1 < to.Length; i += 2)
        {
            to[i] = Avx2.Add(RotateBy23(Avx2.Add(a0, a3)), a0);
            to[i + 1] = Avx2.Add(RotateBy23(Avx2.Add(b0, b3)), b0);
            Vector256<ulong> a = Avx2.ShiftLeftLogical(a1, 17);
            Vector256<ulong> b = Avx2.ShiftLeftLogical(b1, 17);
            (a2, b2) = (Avx2.Xor(a2, a0), Avx2.Xor(b2, b0));
            (a3, b3) = (Avx2.Xor(a3, a1), Avx2.Xor(b3, b1));
            (a1, b1) = (Avx2.Xor(a1, a2), Avx2.Xor(b1, b2));
            (a0, b0) = (Avx2.Xor(a0, a3), Avx2.Xor(b0, b3));
            (a2, b2) = (Avx2.Xor(a2, a), Avx2.Xor(b2, b));
            (a3, b3) = (RotateBy45(a3), RotateBy45(b3));
        }

        static Vector256<ulong> RotateBy23(Vector256<ulong> x) =>
            Avx2.Or(Avx2.ShiftLeftLogical(x, 23), Avx2.ShiftRightLogical(x, 64 - 23));

        static Vector256<ulong> RotateBy45(Vector256<ulong> x) =>
            Avx2.Or(Avx2.ShiftLeftLogical(x, 45), Avx2.ShiftRightLogical(x, 64 - 45));
    }

    // Vectors of this size all processors have.
    internal static void FillByTwos(Span<byte> block, ReadOnlySpan<ulong> states)
    {
        ReadOnlySpan<Vector128<ulong>> from = MemoryMarshal.Cast<ulong, Vector128<ulong>>(states);
        Span<Vector128<ulong>> to = MemoryMarshal.Cast<byte, Vector128<ulong>>(block[..Bytes]);
        const int Pairs = Generators / 2;
        for (int pair = 0; pair < Pairs; pair += 2)
        {
            (Vector128<ulong> a0, Vector128<ulong> a1) = (from[pair], from[pair + Pairs]);
            (Vector128<ulong> a2, Vector128<ulong> a3) = (from[pair + (2 * Pairs)], from[pair + (3 * Pairs)]);
            (Vector128<ulong> b0, Vector128<ulong> b1) = (from[pair + 1], from[pair + 1 + Pairs]);
            (Vector128<ulong> b2, Vector128<ulong> b3) = (from[pair + 1 + (2 * Pairs)], from[pair + 1 + (3 * Pairs)]);
            for (int i = pair; i + 1 < to.Length; i += Pairs)
            {
                Vector128<ulong> a = a0 + a3;
                Vector128<ulong> b = b0 + b3;
                a = (a << 23) | (a >>> 41);
                b = (b << 23) | (b >>> 41);
                to[i] = a + a0;
                to[i + 1] = b + b0;
                a = a1 << 17;
                b = b1 << 17;
                a2 ^= a0;
                b2 ^= b0;
                a3 ^= a1;
                b3 ^= b1;
                a1 ^= a2;
                b1 ^= b2;
                a0 ^= a3;
                b0 ^= b3;
                a2 ^= a;
                b2 ^= b;
                a3 = (a3 << 45) | (a3 >>> 19);
                b3 = (b3 << 45) | (b3 >>> 19);
            }
        }
    }

    // The definition, and the way for processors with the highest byte first.
    internal static void FillOneByOne(Span<byte> block, ReadOnlySpan<ulong> states)
    {
        for (int generator = 0; generator < Generators; generator++)
        {
            (ulong s0, ulong s1) = (states[generator], states[generator + Generators]);
            (ulong s2, ulong s3) = (states[generator + (2 * Generators)], states[generator + (3 * Generators)]);
            for (int at = generator * sizeof(ulong); at < Bytes; at += TurnBytes)
            {
                BinaryPrimitives.WriteUInt64LittleEndian(
                    block[at..], unchecked(ulong.RotateLeft(s0 + s3, 23) + s0));
                ulong t = s1 << 17;
                s2 ^= s0;
                s3 ^= s1;
                s1 ^= s2;
                s0 ^= s3;
                s2 ^= t;
                s3 = ulong.RotateLeft(s3, 45);
            }
        }
    }
}
