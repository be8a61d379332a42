// The requests of a connection to a server that are under way, by number. Not: sending (RequestSender).

using System.Threading;

namespace NbdFast.Client;

/// <summary>Requests, used again and again. It has as many as were ever under way at once.</summary>
internal sealed class RequestTable
{
    private const int First = 64;

    private readonly Lock _lock = new();
    private PendingRequest[] _all = new PendingRequest[First];
    private PendingRequest? _free;
    private int _count;
    private int _underWay;
    private bool _isClosed;

    /// <summary>How many are under way.</summary>
    public int UnderWay => Volatile.Read(ref _underWay);

    /// <summary>Takes a request to be loaded.</summary>
    [HotPath]
    public PendingRequest Rent()
    {
        lock (_lock)
        {
            PendingRequest request = _free ?? Make();
            _free = request.NextFree;
            request.NextFree = null;
            return request;
        }
    }

    /// <summary>Gives one back that nobody asks for any more.</summary>
    [HotPath]
    public void Return(PendingRequest request)
    {
        lock (_lock)
        {
            request.NextFree = _free;
            _free = request;
        }
    }

    /// <summary>A request is about to be sent.</summary>
    /// <param name="request">The request.</param>
    /// <param name="sendsMemory">It is sent together with memory of the asker's.</param>
    /// <returns>False if the connection has ended.</returns>
    [HotPath]
    public bool Begin(PendingRequest request, bool sendsMemory)
    {
        lock (_lock)
        {
            if (_isClosed)
                return false;
            request.IsUnderWay = true;
            request.IsBeingSent = sendsMemory;
            request.IsAnswered = false;
            _underWay++;
            return true;
        }
    }

    /// <summary>The request that a reply is for.</summary>
    /// <returns>Null if there is none.</returns>
    [HotPath]
    public PendingRequest? Find(ulong cookie)
    {
        lock (_lock)
        {
            uint place = (uint)cookie;
            PendingRequest? request = place < (uint)_count ? _all[place] : null;
            return request is { IsUnderWay: true, IsAnswered: false } && request.Cookie == cookie ? request : null;
        }
    }

    /// <summary>A request has been answered. Its error, or success, is in it.</summary>
    /// <returns>True if the asker can be told now; else <see cref="Sent"/> will say so.</returns>
    [HotPath]
    public bool Answer(PendingRequest request)
    {
        lock (_lock)
        {
            request.IsAnswered = true;
            if (request.IsBeingSent)
                return false;
            return End(request);
        }
    }

    /// <summary>A request's memory has been sent.</summary>
    /// <returns>True if the answer came before that: the asker can be told now.</returns>
    [HotPath]
    public bool Sent(PendingRequest request)
    {
        lock (_lock)
        {
            request.IsBeingSent = false;
            return request.IsAnswered && End(request);
        }
    }

    /// <summary>The connection has ended, and nobody sends any more: no request begins from now on.</summary>
    public void Close()
    {
        lock (_lock)
            _isClosed = true;
    }

    /// <summary>Takes one of the requests that will never be answered, after <see cref="Close"/>.</summary>
    /// <returns>Null if there is none left.</returns>
    public PendingRequest? TakeUnanswered()
    {
        lock (_lock)
        {
            for (int i = 0; i < _count; i++)
            {
                if (!_all[i].IsUnderWay)
                    continue;
                End(_all[i]);
                return _all[i];
            }

            return null;
        }
    }

    [HotPath]
    private bool End(PendingRequest request)
    {
        request.IsUnderWay = false;
        _underWay--;
        return true;
    }

    private PendingRequest Make()
    {
        if (_count == _all.Length)
            System.Array.Resize(ref _all, 2 * _all.Length);
        return _all[_count] = new PendingRequest(this, (uint)_count++);
    }
}
