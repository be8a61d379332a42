// Which parts of a range have come. Not: the parts themselves (ReplyReader).

using System.Collections.Generic;

namespace NbdFast.Client;

/// <summary>
/// A server may send the chunks of a read in any order, but no byte twice and none not at all; memory that was not
/// filled would show what somebody else had read before. Nearly always the chunks come in order.
/// </summary>
internal sealed class Coverage
{
    // A server that sends its chunks in such a disorder does it on purpose.
    private const int MostParts = 1024;

    private ulong _start;
    private ulong _end;
    private ulong _reached;
    private List<(ulong Start, ulong End)>? _parts;   // What came behind a gap, in order.

    /// <summary>All of the range has come.</summary>
    public bool IsWhole => _reached == _end && _parts is not { Count: > 0 };

    /// <summary>Begins anew.</summary>
    [HotPath]
    public void Reset(ulong offset, ulong length)
    {
        _start = _reached = offset;
        _end = offset + length;
        _parts?.Clear();
    }

    /// <summary>Takes note of a part.</summary>
    /// <returns>False if it is empty, not in the range, has come before, or there are too many.</returns>
    [HotPath]
    public bool Add(ulong offset, ulong length)
    {
        if (length == 0 || offset < _start || offset > _end || length > _end - offset)
            return false;
        if (offset != _reached)
            return AddBehindGap(offset, offset + length);
        _reached += length;
        return _parts is not { Count: > 0 } || Join();
    }

    private bool AddBehindGap(ulong start, ulong end)
    {
        _parts ??= [];
        if (start < _reached || _parts.Count == MostParts)
            return false;
        int place = _parts.FindIndex(part => part.Start >= start);
        place = place < 0 ? _parts.Count : place;
        if ((place > 0 && _parts[place - 1].End > start) || (place < _parts.Count && _parts[place].Start < end))
            return false;
        _parts.Insert(place, (start, end));
        return true;
    }

    private bool Join()
    {
        while (_parts!.Count > 0 && _parts[0].Start <= _reached)
        {
            if (_parts[0].Start < _reached)
                return false;
            _reached = _parts[0].End;
            _parts.RemoveAt(0);
        }

        return true;
    }
}
