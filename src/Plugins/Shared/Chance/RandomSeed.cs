// The seed of a disk whose user gave none. Not: what is made of it (Noise).

using System.Buffers.Binary;
using System.Security.Cryptography;

namespace NbdFast.Plugins.Chance;

/// <summary>Chooses seeds.</summary>
internal static class RandomSeed
{
    /// <summary>A seed that differs from run to run. Told under <c>-v</c>, so that who finds a fault can have the same
    /// disk again.</summary>
    public static uint Choose()
    {
        uint seed = BinaryPrimitives.ReadUInt32LittleEndian(RandomNumberGenerator.GetBytes(sizeof(uint)));
        Log.Debug($"random seed: {seed}");
        return seed;
    }
}
