// What a multi handle wants to be waited for. Not: the waiting (TransferLoop).

namespace NbdFast.Plugins.Curl.Native;

/// <summary>Called on the thread that uses the multi handle. Nothing here may throw, for the caller is C.</summary>
internal interface IMultiEvents
{
    /// <summary>A socket is to be watched from now on, or no longer.</summary>
    /// <param name="socket">The descriptor.</param>
    /// <param name="what">A CURL_POLL_.</param>
    void Watch(int socket, int what);

    /// <summary>When <see cref="MultiHandle.Act"/> is to be called without a socket; replaces the time
    /// before.</summary>
    /// <param name="milliseconds">From now; -1 for never.</param>
    void SetTimer(long milliseconds);
}
