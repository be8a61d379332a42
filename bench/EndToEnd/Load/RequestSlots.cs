// The requests that are under way on a connection, found again by their cookies. Not: their bytes (LoadConnection).

namespace NbdFast.Bench.EndToEnd.Load;

/// <summary>A fixed number of places for requests. A cookie tells the place and how often it was used, so that neither
/// a wrong nor a second answer is taken for a right one.</summary>
internal sealed class RequestSlots
{
    private const int UseShift = 16;

    private readonly ulong[] _cookies;
    private readonly ulong[] _offsets;
    private readonly long[] _begun;
    private readonly int[] _free;
    private int _freeCount;

    /// <summary>Makes free slots.</summary>
    /// <param name="depth">How many, below 65536.</param>
    public RequestSlots(int depth)
    {
        _cookies = new ulong[depth];
        _offsets = new ulong[depth];
        _begun = new long[depth];
        _free = new int[depth];
        for (int i = 0; i < depth; i++)
        {
            _cookies[i] = (ulong)i;
            _free[i] = depth - 1 - i;
        }

        _freeCount = depth;
    }

    /// <summary>Slots that no request is in.</summary>
    public int Free => _freeCount;

    /// <summary>Requests under way.</summary>
    public int UnderWay => _free.Length - _freeCount;

    /// <summary>Begins a request.</summary>
    /// <param name="offset">In bytes.</param>
    /// <param name="now">The time stamp.</param>
    /// <returns>Its cookie.</returns>
    public ulong Begin(ulong offset, long now)
    {
        int slot = _free[--_freeCount];
        _offsets[slot] = offset;
        _begun[slot] = now;
        return _cookies[slot] |= 1UL << 63;
    }

    /// <summary>Where the request with a cookie goes.</summary>
    /// <exception cref="LoadException">There is none under way.</exception>
    public ulong OffsetOf(ulong cookie) => _offsets[SlotOf(cookie)];

    /// <summary>Ends a request.</summary>
    /// <returns>When it began.</returns>
    /// <exception cref="LoadException">None with this cookie is under way.</exception>
    public long End(ulong cookie)
    {
        int slot = SlotOf(cookie);
        _cookies[slot] = (cookie & ~(1UL << 63)) + (1UL << UseShift);
        _free[_freeCount++] = slot;
        return _begun[slot];
    }

    // The highest bit says that the request is under way, so a cookie that was answered never fits again.
    private int SlotOf(ulong cookie)
    {
        int slot = (int)(cookie & ((1UL << UseShift) - 1));
        if (slot >= _cookies.Length || _cookies[slot] != cookie || (long)cookie >= 0)
            throw new LoadException($"the server answers cookie 0x{cookie:x}, which nobody asks for");
        return slot;
    }
}
