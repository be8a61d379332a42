// One multi handle: many transfers in one hand, which wait for nothing themselves. Not: who waits (TransferLoop).

using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace NbdFast.Plugins.Curl.Native;

/// <summary>A <c>CURLM *</c>, used by way of curl_multi_socket_action(3): its owner watches the sockets. One thread at
/// a time may use it.</summary>
internal sealed unsafe class MultiHandle : IDisposable
{
    internal const int MaxConnects = 6;               // CURLMOPT_MAXCONNECTS
    internal const int MaxTotalConnections = 13;      // CURLMOPT_MAX_TOTAL_CONNECTIONS
    internal const int SocketFunction = 20_001;       // CURLMOPT_SOCKETFUNCTION
    internal const int SocketData = 10_002;           // CURLMOPT_SOCKETDATA
    internal const int TimerFunction = 20_004;        // CURLMOPT_TIMERFUNCTION
    internal const int TimerData = 10_005;            // CURLMOPT_TIMERDATA
    internal const int MessageDone = 1;               // CURLMSG_DONE
    internal const int BadSocket = 5;                 // CURLM_BAD_SOCKET
    internal const int NoSocket = -1;                 // CURL_SOCKET_TIMEOUT
    internal const int PollIn = 1;                    // CURL_POLL_IN, and CURL_CSELECT_IN
    internal const int PollOut = 2;                   // CURL_POLL_OUT, and CURL_CSELECT_OUT
    internal const int PollInOut = 3;                 // CURL_POLL_INOUT
    internal const int PollRemove = 4;                // CURL_POLL_REMOVE

    private static readonly delegate* unmanaged<nint> Init = (delegate* unmanaged<nint>)F("curl_multi_init");
    private static readonly delegate* unmanaged<nint, int> Cleanup =
        (delegate* unmanaged<nint, int>)F("curl_multi_cleanup");
    private static readonly delegate* unmanaged<nint, int, nint, int> SetOption =
        (delegate* unmanaged<nint, int, nint, int>)F("curl_multi_setopt");
    private static readonly delegate* unmanaged<nint, nint, int> AddHandle =
        (delegate* unmanaged<nint, nint, int>)F("curl_multi_add_handle");
    private static readonly delegate* unmanaged<nint, nint, int> RemoveHandle =
        (delegate* unmanaged<nint, nint, int>)F("curl_multi_remove_handle");
    private static readonly delegate* unmanaged<nint, int, int, int*, int> SocketAction =
        (delegate* unmanaged<nint, int, int, int*, int>)F("curl_multi_socket_action");
    private static readonly delegate* unmanaged<nint, int*, int> SocketAll =
        (delegate* unmanaged<nint, int*, int>)F("curl_multi_socket_all");
    private static readonly delegate* unmanaged<nint, int*, Message*> ReadMessage =
        (delegate* unmanaged<nint, int*, Message*>)F("curl_multi_info_read");

    private readonly nint _multi;
    private GCHandle _events;

    /// <summary>Makes a handle.</summary>
    /// <param name="connections">The most connections that it opens, and keeps open.</param>
    /// <param name="events">Who watches the sockets.</param>
    /// <exception cref="InsufficientMemoryException">There is no memory.</exception>
    public MultiHandle(int connections, IMultiEvents events)
    {
        _multi = Init();
        if (_multi == 0)
            throw new InsufficientMemoryException("curl_multi_init failed");
        _events = GCHandle.Alloc(events);
        nint data = GCHandle.ToIntPtr(_events);

        // These fail for options that libcurl does not know, and it has known all of them for long.
        _ = SetOption(_multi, MaxTotalConnections, connections);
        _ = SetOption(_multi, MaxConnects, connections);
        _ = SetOption(_multi, SocketData, data);
        _ = SetOption(_multi, TimerData, data);
        _ = SetOption(_multi, SocketFunction, (nint)(delegate* unmanaged<nint, int, int, nint, nint, int>)&OnSocket);
        _ = SetOption(_multi, TimerFunction, (nint)(delegate* unmanaged<nint, nint, nint, int>)&OnTimer);
    }

    /// <summary>Begins a transfer, as soon as the timer that this sets is due.</summary>
    /// <returns>A CURLMcode.</returns>
    [HotPath]
    public int Add(EasyHandle handle) => AddHandle(_multi, handle.Address);

    /// <summary>Takes a transfer out, ended or not.</summary>
    /// <returns>A CURLMcode.</returns>
    [HotPath]
    public int Remove(EasyHandle handle) => RemoveHandle(_multi, handle.Address);

    /// <summary>Does what can be done without waiting.</summary>
    /// <param name="socket">Something can be done with it; or <see cref="NoSocket"/>: the timer is due.</param>
    /// <param name="what"><see cref="PollIn"/>, <see cref="PollOut"/> or both; it may turn out to be wrong.</param>
    /// <returns>A CURLMcode.</returns>
    [HotPath]
    public int Act(int socket, int what)
    {
        int running;
        return SocketAction(_multi, socket, what, &running);
    }

    /// <summary>Does for every transfer what can be done without waiting, and says anew what it waits for.</summary>
    /// <returns>A CURLMcode.</returns>
    public int ActOnAll()
    {
        int running;
        return SocketAll(_multi, &running);
    }

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
        if (!_events.IsAllocated)
            return;
        int result = Cleanup(_multi);
        if (result != LibCurl.Ok)
            Log.Debug($"curl_multi_cleanup: {LibCurl.MultiText(result)}");
        _events.Free();
    }

    private static nint F(string name) => LibCurl.Function(name);

    [HotPath]
    private static IMultiEvents Events(nint data) => Unsafe.As<IMultiEvents>(GCHandle.FromIntPtr(data).Target!);

    [HotPath]
    [UnmanagedCallersOnly]
    private static int OnSocket(nint easy, int socket, int what, nint data, nint socketData)
    {
        Events(data).Watch(socket, what);
        return 0;
    }

    [HotPath]
    [UnmanagedCallersOnly]
    private static int OnTimer(nint multi, nint milliseconds, nint data)
    {
        Events(data).SetTimer(milliseconds);
        return 0;
    }

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
