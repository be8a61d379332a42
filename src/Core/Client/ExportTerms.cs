// What was agreed on with a server about an export. Not: agreeing (Negotiation).

using System.Numerics;
using NbdFast.Protocol;

namespace NbdFast.Client;

/// <summary>An export as its server described it.</summary>
internal sealed record ExportTerms
{
    private const uint LargestMinimum = 64 << 10;
    private const uint SmallestPreferred = 512;
    private const uint LargestPreferred = 32 << 20;

    /// <summary>The size in bytes, at most 2^63-1.</summary>
    public ulong Size { get; set; }

    /// <summary>What it can do.</summary>
    public TransmissionFlags Flags { get; set; }

    /// <summary>The form of requests and replies.</summary>
    public ReplyMode Mode { get; set; }

    /// <summary>The number of the context base:allocation, or null if it was not agreed on.</summary>
    public uint? AllocationContext { get; set; }

    /// <summary>The name by which the server knows it, if it told.</summary>
    public string? Name { get; set; }

    /// <summary>A text for people, if the server has one.</summary>
    public string? Description { get; set; }

    /// <summary>The smallest request; 0 in all three: nothing was told.</summary>
    public uint BlockMinimum { get; private set; }

    /// <summary>The request size that costs least.</summary>
    public uint BlockPreferred { get; private set; }

    /// <summary>The largest payload.</summary>
    public uint BlockMaximum { get; private set; }

    /// <summary>Takes block sizes, unless they break the protocol's rules ("Block size constraints"): then nothing is
    /// known.</summary>
    public void TakeBlockSizes(uint minimum, uint preferred, uint maximum)
    {
        bool isValid = minimum is > 0 and <= LargestMinimum && BitOperations.IsPow2(minimum)
            && preferred is >= SmallestPreferred and <= LargestPreferred && BitOperations.IsPow2(preferred)
            && minimum <= preferred && preferred <= maximum
            && (maximum == uint.MaxValue || maximum % minimum == 0);
        if (!isValid)
        {
            Log.Debug($"the server told block sizes that cannot be: {minimum} {preferred} {maximum}");
            return;
        }

        (BlockMinimum, BlockPreferred, BlockMaximum) = (minimum, preferred, maximum);
    }
}
