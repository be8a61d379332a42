// The cookies that servers set, which all handles have in common (cookiefile=, cookiejar=). Not: the cookie of the
// command line (Credentials).

using System;
using System.Threading;
using NbdFast.Plugins.Curl.Native;

namespace NbdFast.Plugins.Curl;

/// <summary>Reads cookies from a file at first, keeps those of servers, and writes all of them to the jar.</summary>
internal sealed class CookieStore : ITransferEvents, IDisposable
{
    private static readonly byte[] Reload = LibCurl.Terminated("RELOAD");
    private static readonly byte[] Flush = LibCurl.Terminated("FLUSH");
    private static readonly byte[] NoFile = LibCurl.Terminated("");

    private readonly Lock _lock = new();
    private readonly ShareHandle _share = new();
    private readonly EasyHandle _keeper;
    private readonly bool _hasJar;

    /// <summary>Makes the store.</summary>
    /// <param name="file">Read at first; "" for none.</param>
    /// <param name="jar">Written to, or null.</param>
    public CookieStore(string file, string? jar)
    {
        _hasJar = jar != null;
        _keeper = new EasyHandle(this);
        _keeper.SetPointer(CurlOption.Share, _share.Address);
        _keeper.SetText(CurlOption.CookieFile, LibCurl.Terminated(file));
        if (jar != null)
            _keeper.SetText(CurlOption.CookieJar, LibCurl.Terminated(jar));
        _keeper.SetText(CurlOption.CookieList, Reload);
    }

    /// <summary>Lets a handle send and take these cookies.</summary>
    public void ShareWith(EasyHandle handle)
    {
        handle.SetPointer(CurlOption.Share, _share.Address);
        handle.SetText(CurlOption.CookieFile, NoFile);   // Switches cookies on, of which the store has all.
    }

    /// <summary>Writes the jar, if there is one.</summary>
    public void Save()
    {
        lock (_lock)
        {
            if (_hasJar)
                _keeper.SetText(CurlOption.CookieList, Flush);
        }
    }

    /// <summary>Writes the jar, and ends. No handle may use the store any more.</summary>
    public void Dispose()
    {
        _keeper.Dispose();
        _share.Dispose();
    }

    /// <inheritdoc/>
    public void TakeHeader(ReadOnlySpan<byte> line)
    {
    }

    /// <inheritdoc/>
    public bool TakeBody(ReadOnlySpan<byte> data) => false;

    /// <inheritdoc/>
    public int GiveBody(Span<byte> room) => 0;

    /// <inheritdoc/>
    public void TakeTrace(int kind, ReadOnlySpan<byte> text)
    {
    }
}
