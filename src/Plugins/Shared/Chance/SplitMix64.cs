// The numbers that all random disks begin with: SplitMix64, any of them at once. Not: bytes of a disk (NoiseBlock), nor
// secrets, for which this is no use.

using System.Runtime.CompilerServices;

namespace NbdFast.Plugins.Chance;

/// <summary>SplitMix64 by Steele, Lea and Flood ("Fast splittable pseudorandom number generators", 2014). What it
/// yields for a seed is part of what users rely on: it must never change.</summary>
internal static class SplitMix64
{
    /// <summary>How far the state goes from number to number: 2^64 divided by the golden ratio.</summary>
    public const ulong Gamma = 0x9e3779b97f4a7c15;

    private const ulong FirstFactor = 0xbf58476d1ce4e5b9;
    private const ulong SecondFactor = 0x94d049bb133111eb;

    /// <summary>Number <paramref name="index"/>, from 0 on, of the sequence of a seed.</summary>
    [HotPath]
    public static ulong At(ulong seed, ulong index) => Mix(unchecked(seed + ((index + 1) * Gamma)));

    /// <summary>The next number of the sequence whose state is handed over; it begins with the seed.</summary>
    [HotPath]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Next(ref ulong state) => Mix(state = unchecked(state + Gamma));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Mix(ulong z)
    {
        z = unchecked((z ^ (z >> 30)) * FirstFactor);
        z = unchecked((z ^ (z >> 27)) * SecondFactor);
        return z ^ (z >> 31);
    }
}
