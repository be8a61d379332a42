// Where the next request goes: the same places in each run. Not: what it does there (LoadConnection).

namespace NbdFast.Bench.EndToEnd.Load;

/// <summary>Offsets of blocks, at random from a seed or one after the other.</summary>
internal sealed class OffsetSequence(ulong diskBytes, ulong blockBytes, bool sequential, ulong seed)
{
    private readonly ulong _blocks = diskBytes / blockBytes;
    private ulong _state = (seed * 0x9e3779b97f4a7c15) + 0x1234567;

    /// <summary>The next offset in bytes, a multiple of the block.</summary>
    public ulong Next()
    {
        if (sequential)
            return _state++ % _blocks * blockBytes;
        // xorshift64*: good enough to miss every cache, and a handful of instructions.
        _state ^= _state >> 12;
        _state ^= _state << 25;
        _state ^= _state >> 27;
        return (_state * 0x2545f4914f6cdd1d >> 16) % _blocks * blockBytes;
    }
}
