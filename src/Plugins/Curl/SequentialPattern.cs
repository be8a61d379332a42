// Whether a client reads from front to back. Not: what is done about it (Readahead).

namespace NbdFast.Plugins.Curl;

/// <summary>
/// Watches the positions of reads. Requests that are under way at once may arrive in another order than they were
/// sent in, so a read counts as following on if it is near the end of those before it and goes beyond that.
/// </summary>
internal struct SequentialPattern
{
    // So many requests may be under way, and change places.
    private const ulong RequestsUnderWay = 32;

    private const int FollowsUntilSequential = 2;
    private const int JumpsUntilRandom = 4;

    private ulong _reached;
    private int _follows;
    private int _jumps;

    /// <summary>The client reads from front to back.</summary>
    public bool IsSequential { get; private set; }

    /// <summary>How far it has come: the end of the farthest of these reads.</summary>
    public readonly ulong Reached => _reached;

    /// <summary>How far behind that a read may begin that was only overtaken.</summary>
    public static ulong Slack(int length) => RequestsUnderWay * (ulong)length;

    /// <summary>Takes note of a read.</summary>
    [HotPath]
    public void Note(ulong offset, int length)
    {
        ulong end = offset + (ulong)length;
        ulong distance = offset > _reached ? offset - _reached : _reached - offset;
        if (distance > Slack(length))
            Jump(end);
        else if (end > _reached)
            Follow(end);
    }

    /// <summary>Reading ahead has failed: begins anew.</summary>
    public void Reset() => this = default;

    [HotPath]
    private void Follow(ulong end)
    {
        _reached = end;
        _jumps = 0;
        if (_follows < FollowsUntilSequential)
            _follows++;
        IsSequential |= _follows == FollowsUntilSequential;
    }

    // A single read elsewhere, as of a table of contents, does not end it.
    [HotPath]
    private void Jump(ulong end)
    {
        _jumps++;
        if (IsSequential && _jumps < JumpsUntilRandom)
            return;
        IsSequential = false;
        _follows = 0;
        _jumps = 0;
        _reached = end;
    }
}
