// Where the next request goes: the same places in each run. Not: what it does there (LoadConnection).

namespace NbdFast.Bench.EndToEnd.Load;

/// <summary>Offsets of blocks for one connection, at random from a seed or one after the other.</summary>
internal sealed class OffsetSequence
{
    private readonly ulong _blockBytes;
    private readonly ulong _blocks;
    private readonly bool _isSequential;
    private readonly BlockPermutation? _order;
    private readonly bool _isOnce;
    private readonly ulong _step;
    private ulong _state;

    /// <summary>Begins.</summary>
    /// <param name="options">The disk, its blocks, in which order.</param>
    /// <param name="number">The connection's, from 0. If each block is visited only once, no two connections visit the
    /// same one; else each goes its own way.</param>
    public OffsetSequence(LoadOptions options, int number)
    {
        _blockBytes = (ulong)options.BlockBytes;
        _blocks = (ulong)options.DiskBytes / _blockBytes;
        _isSequential = options.Sequential;
        _isOnce = options.Once;
        _step = _isOnce ? (ulong)options.Connections : 1;
        if (_isOnce)
            _state = (ulong)number;
        else
            _state = ((((ulong)options.Seed * 1000) + (ulong)number) * 0x9e3779b97f4a7c15) + 0x1234567;
        if (_isOnce && !_isSequential)
            _order = new BlockPermutation(_blocks, (ulong)options.Seed);
    }

    /// <summary>The next offset in bytes, a multiple of the block.</summary>
    /// <exception cref="LoadException">Each block is to be visited once, and that is done.</exception>
    public ulong Next()
    {
        if (_isOnce)
            return NextOnce() * _blockBytes;
        if (_isSequential)
            return _state++ % _blocks * _blockBytes;
        // xorshift64*: good enough to miss every cache, and a handful of instructions.
        _state ^= _state >> 12;
        _state ^= _state << 25;
        _state ^= _state >> 27;
        return (_state * 0x2545f4914f6cdd1d >> 16) % _blocks * _blockBytes;
    }

    // Of three connections the first has the places 0, 3, 6 and so on of the one order.
    private ulong NextOnce()
    {
        ulong place = _state;
        if (place >= _blocks)
            throw new LoadException($"the disk of {_blocks} blocks is too small: all of them were visited");
        _state += _step;
        return _order?[place] ?? place;
    }
}
