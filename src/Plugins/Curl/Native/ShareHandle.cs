// Cookies that all easy handles have in common. Not: where they come from and go to (CookieStore).

using System;
using System.Runtime.InteropServices;
using System.Threading;

namespace NbdFast.Plugins.Curl.Native;

/// <summary>A <c>CURLSH *</c> that shares cookies, with the locks that libcurl asks for.</summary>
internal sealed unsafe class ShareHandle : IDisposable
{
    internal const int ShareWhat = 1;         // CURLSHOPT_SHARE
    internal const int LockFunction = 3;      // CURLSHOPT_LOCKFUNC
    internal const int UnlockFunction = 4;    // CURLSHOPT_UNLOCKFUNC
    internal const int Cookies = 2;           // CURL_LOCK_DATA_COOKIE
    internal const int KindsOfData = 8;       // CURL_LOCK_DATA_LAST

    private static readonly object[] Locks = MakeLocks();

    private static readonly delegate* unmanaged<nint> Init = (delegate* unmanaged<nint>)F("curl_share_init");
    private static readonly delegate* unmanaged<nint, int> Cleanup =
        (delegate* unmanaged<nint, int>)F("curl_share_cleanup");
    private static readonly delegate* unmanaged<nint, int, nint, int> SetOption =
        (delegate* unmanaged<nint, int, nint, int>)F("curl_share_setopt");

    private bool _isDisposed;

    /// <summary>Makes a handle.</summary>
    /// <exception cref="ConfigException">This libcurl has no cookies.</exception>
    public ShareHandle()
    {
        Address = Init();
        if (Address == 0)
            throw new InsufficientMemoryException("curl_share_init failed");
        int result = SetOption(Address, LockFunction, (nint)(delegate* unmanaged<nint, int, int, nint, void>)&Lock);
        if (result == LibCurl.Ok)
            result = SetOption(Address, UnlockFunction, (nint)(delegate* unmanaged<nint, int, nint, void>)&Unlock);
        if (result == LibCurl.Ok)
            result = SetOption(Address, ShareWhat, Cookies);
        if (result != LibCurl.Ok)
            throw new ConfigException($"curl_share_setopt: cookies cannot be shared ({result})");
    }

    /// <summary>The <c>CURLSH *</c>.</summary>
    public nint Address { get; }

    /// <summary>Ends the handle. No easy handle may use it any more.</summary>
    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        _ = Cleanup(Address);   // Fails only while it is in use, and then it is better kept.
    }

    private static nint F(string name) => LibCurl.Function(name);

    private static object[] MakeLocks()
    {
        var locks = new object[KindsOfData];
        for (int i = 0; i < locks.Length; i++)
            locks[i] = new object();
        return locks;
    }

    [UnmanagedCallersOnly]
    private static void Lock(nint handle, int data, int access, nint user) =>
        Monitor.Enter(Locks[(uint)data % KindsOfData]);

    [UnmanagedCallersOnly]
    private static void Unlock(nint handle, int data, nint user) => Monitor.Exit(Locks[(uint)data % KindsOfData]);
}
