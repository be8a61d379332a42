// Goes from run to run of a sparse disk, from any position on. Not: the content of data (SparseRandomPlugin).

using System;

namespace NbdFast.Plugins.Chance;

/// <summary>
/// A run of data or a hole, and the way to the next one. Users rely on where runs lie for a seed: it must never change.
/// Zone n draws from the sequence of <see cref="SplitMix64"/> that begins with number n of the seed: first whether it
/// begins with data, then two numbers for the length of each run. Its last run is cut off.
/// </summary>
internal ref struct RunCursor
{
    private readonly RunShape _shape;
    private ulong _state;
    private ulong _zone;
    private ulong _next;      // Where the run ends and where the zone ends, in blocks.
    private ulong _zoneEnd;

    /// <summary>Finds the run in which a position lies.</summary>
    /// <param name="shape">Of which disk.</param>
    /// <param name="offset">The position in bytes, below 2^63.</param>
    [HotPath]
    public RunCursor(in RunShape shape, ulong offset)
    {
        _shape = shape;
        ulong block = offset / shape.BlockBytes;
        if (shape.IsUniform)
        {
            IsData = shape.BeginsWithData(0);
            _next = ulong.MaxValue / shape.BlockBytes;
            return;
        }

        _zone = block / shape.ZoneBlocks;
        EnterZone();
        while (_next <= block)
            MoveNext();
    }

    /// <summary>Whether it is data; else it is a hole.</summary>
    public bool IsData { get; private set; }

    /// <summary>Where the run ends, in bytes; what follows may be a run of the same kind.</summary>
    public readonly ulong End => _next * _shape.BlockBytes;

    /// <summary>Goes on to the next run.</summary>
    [HotPath]
    public void MoveNext()
    {
        if (_next == _zoneEnd)
        {
            _zone++;
            EnterZone();
            return;
        }

        IsData = !IsData;
        Advance();
    }

    private void EnterZone()
    {
        _next = _zone * _shape.ZoneBlocks;
        _zoneEnd = _next + _shape.ZoneBlocks;
        _state = SplitMix64.At(_shape.Seed, _zone);
        IsData = _shape.BeginsWithData(SplitMix64.Next(ref _state));
        Advance();
    }

    private void Advance()
    {
        double mean = IsData ? _shape.MeanData : _shape.MeanHole;
        ulong number = SplitMix64.Next(ref _state);
        ulong length = RunShape.Length(mean, number, SplitMix64.Next(ref _state));
        _next = Math.Min(_next + length, _zoneEnd);
    }
}
