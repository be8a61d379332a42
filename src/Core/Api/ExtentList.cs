// The extents that answer one block status request. Not: their form on the wire (Protocol/BlockStatus).

using System;

namespace NbdFast;

/// <summary>
/// A list of extents for a range, under the rules of nbdkit_add_extent ("Extents list" in nbdkit-plugin(3)): ascending,
/// with no gap, the first at or before the start of the range; what lies before the range is cut off, what lies after
/// it is dropped, neighbours of the same type become one. Owned by a request and used again.
/// </summary>
public sealed class ExtentList
{
    /// <summary>The most extents that one list holds; further ones are dropped, which the protocol allows.</summary>
    public const int MaximumCount = 1 << 20;

    private Extent[] _items = new Extent[16];
    private ulong _next;      // Up to here the list says something. This and the next two are in the list's positions.
    private ulong _tail;      // The end of what was added last; before _next if it lay before the range.
    private ulong _limit;     // What lies behind is cut off, because a layer's disk or part ends there.
    private ulong _shift;     // What to add to the list's positions for those of the layer that adds.
    private bool _isFirst;    // Nothing was added yet, to the list or to the part: what comes may begin earlier.
    private bool _onlyOne;
    private bool _isClosed;

    /// <summary>Makes an empty list for a range.</summary>
    /// <param name="offset">The first position of interest.</param>
    /// <param name="count">Bytes.</param>
    public ExtentList(ulong offset, ulong count) => Reset(offset, count);

    /// <summary>The first position of interest, in the caller's positions.</summary>
    public ulong Start { get; private set; }

    /// <summary>The position after the last of interest; an extent may reach over it.</summary>
    public ulong End { get; private set; }

    /// <summary>How many extents there are.</summary>
    public int Count { get; private set; }

    /// <summary>The list reaches the end of the range, or of the part that is asked for, or holds as much as it may:
    /// further calls of Add do nothing.</summary>
    public bool IsFull => _isClosed || (!_isFirst && _next >= Math.Min(End, _limit));

    /// <summary>The position up to which the list says something, in the positions of the layer that asks.</summary>
    public ulong Reached => _next + _shift;

    /// <summary>How much larger the positions of the layer that asks are than those in the list.</summary>
    public ulong Shifted => _shift;

    /// <summary>The extent at <paramref name="index"/>, in the positions of whoever made the list.</summary>
    public Extent this[int index] =>
        (uint)index < (uint)Count ? _items[index] : throw new ArgumentOutOfRangeException(nameof(index));

    /// <summary>Empties the list for another range.</summary>
    /// <param name="offset">The first position of interest.</param>
    /// <param name="count">Bytes.</param>
    /// <param name="onlyOne">Keep the first extent alone, as <see cref="RequestFlags.ReqOne"/> asks.</param>
    public void Reset(ulong offset, ulong count, bool onlyOne = false)
    {
        Start = offset;
        End = offset + count;
        Count = 0;
        _next = offset;
        _tail = offset;
        _limit = ulong.MaxValue;
        _shift = 0;
        _isFirst = true;
        _onlyOne = onlyOne;
        _isClosed = false;
    }

    /// <summary>Adds a run of bytes.</summary>
    /// <param name="offset">The position of its first byte, in the positions of the layer that adds.</param>
    /// <param name="length">Bytes; 0 adds nothing.</param>
    /// <param name="type">What is known of it.</param>
    /// <returns><see cref="Errno.ERANGE"/> if it does not follow on the last one, or the first begins after the range's
    /// start.</returns>
    public Errno Add(ulong offset, ulong length, ExtentType type)
    {
        if (length == 0 || IsFull)
            return Errno.Ok;

        ulong next = _next + _shift;
        ulong end = offset + length < offset ? ulong.MaxValue : offset + length;
        if (_isFirst ? offset > next : offset != _tail + _shift)
            return Log.Error(
                Errno.ERANGE,
                $"extents must follow each other with no gap ({offset} is not {(_isFirst ? next : _tail + _shift)})");

        _isFirst = false;
        // May lie before position 0 of the list: then it wraps, and back when the shift is added.
        _tail = end - _shift;
        if (end > next)
            Append(Math.Min(end - _shift, _limit), type);
        return Errno.Ok;
    }

    /// <summary>Until the scope is disposed of, positions that are added mean <paramref name="by"/> bytes less to the
    /// list: for a filter whose disk begins <paramref name="by"/> bytes into the one below.</summary>
    /// <param name="by">How far the filter's disk begins into the one below, in bytes.</param>
    /// <param name="end">Where the filter's disk ends, in its own positions, if the one below goes on: what is added
    /// behind is cut off.</param>
    public ShiftScope Shift(ulong by, ulong end = ulong.MaxValue)
    {
        var scope = new ShiftScope(this, by);

        // The filter's positions are the list's plus what is shifted so far.
        if (end != ulong.MaxValue)
            _limit = Math.Min(_limit, end - _shift);
        _shift += by;
        _isFirst = true;
        return scope;
    }

    /// <summary>Until the scope is disposed of, the list is one for the part that goes on from <see cref="Reached"/>:
    /// for a filter that asks the layers below about one part of a range after another.</summary>
    /// <param name="end">Where the part ends: what is added behind is cut off.</param>
    public ShiftScope Part(ulong end) => Shift(0, end);

    /// <summary>Says that all of the range is of one type.</summary>
    public Errno AddWhole(ExtentType type) => Add(_next + _shift, End - _next, type);

    private void Append(ulong end, ExtentType type)
    {
        if (end <= _next)
            return;
        ulong start = _next;
        if (Count > 0 && _items[Count - 1].Type == type)
        {
            Extent last = _items[Count - 1];
            _items[Count - 1] = last with { Length = end - last.Offset };
            _next = end;
            return;
        }

        _isClosed = Count == (_onlyOne ? 1 : MaximumCount);
        if (_isClosed)
            return;
        if (Count == _items.Length)
            Array.Resize(ref _items, _items.Length * 2);
        _items[Count++] = new Extent(start, end - start, type);
        _next = end;
    }

    /// <summary>Ends a <see cref="Shift"/> or a <see cref="Part"/>.</summary>
    public readonly struct ShiftScope : IDisposable
    {
        private readonly ExtentList _list;
        private readonly ulong _by;
        private readonly ulong _start;
        private readonly ulong _tail;
        private readonly ulong _limit;
        private readonly bool _isFirst;

        internal ShiftScope(ExtentList list, ulong by)
        {
            _list = list;
            _by = by;
            _start = list._next;
            _tail = list._tail;
            _limit = list._limit;
            _isFirst = list._isFirst;
        }

        /// <summary>Takes the shift and the end back.</summary>
        public void Dispose()
        {
            _list._shift -= _by;
            _list._limit = _limit;

            // What was added in the scope is cut at its end, so the next one goes on from there.
            bool isUnchanged = _list._next == _start;
            _list._isFirst = _isFirst && isUnchanged;
            _list._tail = isUnchanged ? _tail : _list._next;
        }
    }
}
