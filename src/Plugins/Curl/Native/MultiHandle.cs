// One multi handle: many transfers driven by one thread. Not: which thread (TransferLoop).

using System;
using System.Runtime.InteropServices;

namespace NbdFast.Plugins.Curl.Native;

/// <summary>A <c>CURLM *</c>. One thread at a time may use it; <see cref="Wake"/> alone may be called by any.</summary>
internal sealed unsafe class MultiHandle : IDisposable
{
    internal const int MaxConnects = 6;              // CURLMOPT_MAXCONNECTS
    internal const int MaxTotalConnections = 13;     // CURLMOPT_MAX_TOTAL_CONNECTIONS
    internal const int MessageDone = 1;              // CURLMSG_DONE

    private static readonly delegate* unmanaged<nint> Init = (delegate* unmanaged<nint>)F("curl_multi_init");
    private static readonly delegate* unmanaged<nint, int> Cleanup =
        (delegate* unmanaged<nint, int>)F("curl_multi_cleanup");
    private static readonly delegate* unmanaged<nint, int, nint, int> SetOption =
        (delegate* unmanaged<nint, int, nint, int>)F("curl_multi_setopt");
    private static readonly delegate* unmanaged<nint, nint, int> AddHandle =
        (delegate* unmanaged<nint, nint, int>)F("curl_multi_add_handle");
    private static readonly delegate* unmanaged<nint, nint, int> RemoveHandle =
        (delegate* unmanaged<nint, nint, int>)F("curl_multi_remove_handle");
    private static readonly delegate* unmanaged<nint, int*, int> PerformAll =
        (delegate* unmanaged<nint, int*, int>)F("curl_multi_perform");
    private static readonly delegate* unmanaged<nint, void*, uint, int, int*, int> PollAll =
        (delegate* unmanaged<nint, void*, uint, int, int*, int>)F("curl_multi_poll");
    private static readonly delegate* unmanaged<nint, int> WakeUp =
        (delegate* unmanaged<nint, int>)F("curl_multi_wakeup");
    private static readonly delegate* unmanaged<nint, int*, Message*> ReadMessage =
        (delegate* unmanaged<nint, int*, Message*>)F("curl_multi_info_read");

    private readonly nint _multi;
    private bool _isDisposed;

    /// <summary>Makes a handle.</summary>
    /// <param name="connections">The most connections that it opens, and keeps open.</param>
    /// <exception cref="InsufficientMemoryException">There is no memory.</exception>
    public MultiHandle(int connections)
    {
        _multi = Init();
        if (_multi == 0)
            throw new InsufficientMemoryException("curl_multi_init failed");
        _ = SetOption(_multi, MaxTotalConnections, connections);   // These two fail for numbers below 0 only.
        _ = SetOption(_multi, MaxConnects, connections);
    }

    /// <summary>Begins a transfer.</summary>
    /// <returns>A CURLMcode.</returns>
    [HotPath]
    public int Add(EasyHandle handle) => AddHandle(_multi, handle.Address);

    /// <summary>Takes a transfer out, ended or not.</summary>
    /// <returns>A CURLMcode.</returns>
    [HotPath]
    public int Remove(EasyHandle handle) => RemoveHandle(_multi, handle.Address);

    /// <summary>Does what can be done without waiting.</summary>
    /// <returns>A CURLMcode.</returns>
    [HotPath]
    public int Perform()
    {
        int running;
        return PerformAll(_multi, &running);
    }

    /// <summary>Waits until something can be done, or somebody wakes it, or the time is over.</summary>
    /// <returns>A CURLMcode.</returns>
    [HotPath]
    public int Poll(int timeoutMs) => PollAll(_multi, null, 0, timeoutMs, null);

    /// <summary>Ends the wait of <see cref="Poll"/>, or the next one.</summary>
    [HotPath]
    public void Wake() => _ = WakeUp(_multi);   // Fails only where it is not supported, which was asked at the load.

    /// <summary>The next transfer that has ended.</summary>
    /// <param name="result">Its CURLcode.</param>
    /// <returns>Its owner, or null if there is none.</returns>
    [HotPath]
    public ITransferEvents? NextEnded(out int result)
    {
        int left;
        for (Message* message = ReadMessage(_multi, &left); message != null; message = ReadMessage(_multi, &left))
        {
            if (message->Kind != MessageDone)
                continue;
            result = message->Result;
            return EasyHandle.OwnerOf(message->Easy);
        }

        result = LibCurl.Ok;
        return null;
    }

    /// <summary>Closes all connections. No transfer may be left.</summary>
    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        int result = Cleanup(_multi);
        if (result != LibCurl.Ok)
            Log.Debug($"curl_multi_cleanup: {LibCurl.MultiText(result)}");
    }

    private static nint F(string name) => LibCurl.Function(name);

    /// <summary><c>struct CURLMsg</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Message
    {
        public int Kind;
        public nint Easy;
        public int Result;   // In a union with a pointer.
        public int Padding;
    }
}
