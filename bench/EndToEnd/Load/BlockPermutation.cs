// All blocks of a disk in an order without pattern, each once. Not: who asks for which of them (OffsetSequence).

using System.Numerics;

namespace NbdFast.Bench.EndToEnd.Load;

/// <summary>A permutation of the numbers below a bound. It needs no memory: each step can be undone, so no two numbers
/// become the same one.</summary>
/// <param name="count">The bound, greater than 0.</param>
/// <param name="seed">Other orders for other seeds.</param>
internal sealed class BlockPermutation(ulong count, ulong seed)
{
    private const int Rounds = 3;
    private const ulong Odd = 0xd6e8feb86659fd93;

    private readonly int _bits = BitOperations.Log2(count - 1) + 1;
    private readonly ulong _start = (seed + 1) * 0x9e3779b97f4a7c15;

    /// <summary>The number at a place.</summary>
    /// <param name="place">Below the bound.</param>
    /// <returns>Below the bound, another one for each place.</returns>
    public ulong this[ulong place]
    {
        get
        {
            // What is mixed are numbers of as many bits as the highest has. One that is not below the bound is mixed
            // again: that goes round in a circle on which the place itself lies, so it ends.
            do
                place = Mix(place);
            while (place >= count);
            return place;
        }
    }

    // Adding and multiplying by an odd number can be undone among numbers of so many bits, and so can mixing the high
    // half into the low one.
    private ulong Mix(ulong number)
    {
        ulong mask = (2UL << (_bits - 1)) - 1;
        number = (number + _start) & mask;
        for (int i = 0; i < Rounds; i++)
        {
            number = (number ^ (number >> ((_bits + 1) / 2))) * Odd & mask;
            number ^= number >> ((_bits + 2) / 3);
        }

        return number;
    }
}
