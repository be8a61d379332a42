// Changes valid bytes into bytes that are nearly valid. Not: knowledge of the protocol.

using System;
using System.Buffers.Binary;

namespace NbdFast.Fuzz;

/// <summary>Changes, cuts and repeats bytes.</summary>
internal static class Mutator
{
    /// <summary>The longest result in bytes: what a socket takes before anybody reads.</summary>
    public const int LongestCase = 100_000;

    private const int MostChanges = 4;

    // The edges of the protocol's limits and of integers.
    private static readonly uint[] Edges =
    [
        0, 1, 2, 3, 4, 7, 8, 12, 16, 511, 512, 4095, 4096, 4097, 65_535, 65_536, 65_537, 1 << 20, 16 << 20, 64 << 20,
        (64 << 20) + 1, 128 << 20, int.MaxValue, 1U << 31, uint.MaxValue - 1, uint.MaxValue,
    ];

    /// <summary>A changed copy.</summary>
    public static byte[] Mutate(ReadOnlySpan<byte> original, Random random)
    {
        byte[] bytes = original.ToArray();
        for (int change = random.Next(MostChanges + 1); change > 0 && bytes.Length > 0; change--)
            bytes = Change(bytes, random);
        return bytes.Length <= LongestCase ? bytes : bytes[..LongestCase];
    }

    /// <summary>A number of the kind that breaks programs.</summary>
    public static uint Edge(Random random) => Edges[random.Next(Edges.Length)];

    private static byte[] Change(byte[] bytes, Random random)
    {
        int at = random.Next(bytes.Length);
        int length = random.Next(1, Math.Min(64, bytes.Length - at) + 1);
        switch (random.Next(8))
        {
            case 0:
                bytes[at] = (byte)random.Next(256);
                return bytes;
            case 1:
                bytes[at] ^= (byte)(1 << random.Next(8));
                return bytes;
            case 2:
                random.NextBytes(bytes.AsSpan(at, length));
                return bytes;
            case 3:
                return bytes[..at];
            case 4:
                return [.. bytes[..at], .. bytes[(at + length)..]];
            case 5:
                return [.. bytes[..(at + length)], .. bytes[at..]];
            case 6:
                if (at + sizeof(uint) <= bytes.Length)
                    BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(at), Edge(random));
                return bytes;
            default:
                return Repeat(bytes, at, length, random.Next(2, 500));
        }
    }

    private static byte[] Repeat(byte[] bytes, int at, int length, int times)
    {
        times = Math.Min(times, LongestCase / length);
        byte[] all = new byte[bytes.Length + length * times];
        bytes.AsSpan(0, at).CopyTo(all);
        for (int i = 0; i < times; i++)
            bytes.AsSpan(at, length).CopyTo(all.AsSpan(at + i * length));
        bytes.AsSpan(at).CopyTo(all.AsSpan(at + times * length));
        return all;
    }
}
