// Which transfers were submitted and which are under way. Not: driving them (TransferLoop).

namespace NbdFast.Plugins.Curl;

/// <summary>Any thread submits; whoever drives takes what was submitted, in order, and keeps the list of those that are
/// under way.</summary>
internal sealed class TransferList
{
    private readonly object _lock = new();
    private Transfer? _firstSubmitted;
    private Transfer? _lastSubmitted;
    private Transfer? _first;
    private volatile bool _hasNews;
    private bool _hasCancelled;      // Since somebody looked.
    private bool _looksForCancelled; // For whoever drives.

    /// <summary>Transfers were submitted, or cancelled, since somebody looked.</summary>
    public bool HasNews => _hasNews;

    /// <summary>One that is under way, or null.</summary>
    public Transfer? First => _first;

    /// <summary>None is under way or submitted.</summary>
    public bool IsIdle => _first == null && !_hasNews;

    /// <summary>Adds a transfer.</summary>
    [HotPath]
    public void Submit(Transfer transfer)
    {
        lock (_lock)
        {
            transfer.Next = null;
            if (_lastSubmitted == null)
                _firstSubmitted = transfer;
            else
                _lastSubmitted.Next = transfer;
            _lastSubmitted = transfer;
            _hasCancelled |= transfer.IsCancelled;
            _hasNews = true;
        }
    }

    /// <summary>Transfers were cancelled.</summary>
    public void LookAgain()
    {
        lock (_lock)
            _hasNews = _hasCancelled = true;
    }

    /// <summary>The next that was submitted, which is under way from now on. Null, once, after the last: then there are
    /// no news any more.</summary>
    [HotPath]
    public Transfer? TakeSubmitted()
    {
        Transfer? transfer;
        lock (_lock)
        {
            transfer = _firstSubmitted;
            if (transfer == null)
            {
                _looksForCancelled |= _hasCancelled;
                _hasNews = _hasCancelled = false;
                return null;
            }

            _firstSubmitted = transfer.Next;
            if (_firstSubmitted == null)
                _lastSubmitted = null;
        }

        transfer.Previous = null;
        transfer.Next = _first;
        if (_first != null)
            _first.Previous = transfer;
        _first = transfer;
        return transfer;
    }

    /// <summary>One that was cancelled, or null.</summary>
    /// <param name="isAny">All count as cancelled.</param>
    public Transfer? FindCancelled(bool isAny)
    {
        if (!_looksForCancelled && !isAny)
            return null;
        for (Transfer? transfer = _first; transfer != null; transfer = transfer.Next)
            if (transfer.IsCancelled || isAny)
                return transfer;
        _looksForCancelled = false;
        return null;
    }

    /// <summary>A transfer has ended.</summary>
    [HotPath]
    public void Remove(Transfer transfer)
    {
        if (transfer.Previous == null)
            _first = transfer.Next;
        else
            transfer.Previous.Next = transfer.Next;
        if (transfer.Next != null)
            transfer.Next.Previous = transfer.Previous;
        transfer.Next = transfer.Previous = null;
    }
}
