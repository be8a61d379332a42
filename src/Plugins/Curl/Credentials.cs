// The headers and the cookie that every request bears. Not: running the scripts that make them (CredentialScript),
// cookies that the server sets (CookieStore).

using System;
using System.Collections.Generic;
using NbdFast.Plugins.Curl.Native;

namespace NbdFast.Plugins.Curl;

/// <summary>Headers and cookie, fixed or made by scripts ("HEADER AND COOKIE SCRIPTS" in
/// nbdkit-curl-plugin(1)).</summary>
internal sealed class Credentials
{
    private readonly object _lock = new();
    private readonly CredentialScript? _headerScript;
    private readonly CredentialScript? _cookieScript;
    private IReadOnlyList<string> _headers;
    private byte[]? _cookie;
    private volatile int _generation = 1;

    /// <summary>With what the command line says.</summary>
    /// <param name="headers">Fixed headers.</param>
    /// <param name="cookie">The fixed cookie.</param>
    /// <param name="headerScript">Makes the headers instead.</param>
    /// <param name="cookieScript">Makes the cookie instead.</param>
    public Credentials(
        IReadOnlyList<string> headers, ReadOnlySpan<byte> cookie, CredentialScript? headerScript,
        CredentialScript? cookieScript)
    {
        _headers = headers;
        _cookie = cookie.IsEmpty ? null : LibCurl.Terminated(cookie);
        _headerScript = headerScript;
        _cookieScript = cookieScript;
    }

    /// <summary>Grows when headers or cookie change; at least 1.</summary>
    public int Generation => _generation;

    /// <summary>Runs the scripts whose time has come. Whoever needs the result waits for it.</summary>
    /// <returns>An error if a script failed.</returns>
    [HotPath]
    public Errno Refresh() =>
        _headerScript is not { IsDue: true } && _cookieScript is not { IsDue: true } ? Errno.Ok : RunScripts();

    /// <summary>What is valid now.</summary>
    /// <returns>The generation.</returns>
    public int Take(out IReadOnlyList<string> headers, out byte[]? cookie)
    {
        lock (_lock)
        {
            headers = _headers;
            cookie = _cookie;
            return _generation;
        }
    }

    private Errno RunScripts()
    {
        lock (_lock)
        {
            Errno errno = Errno.Ok;
            if (_headerScript is { IsDue: true } headerScript)
            {
                errno = headerScript.Run(out IReadOnlyList<string> lines);
                if (errno == Errno.Ok)
                    _headers = lines;
            }

            if (errno == Errno.Ok && _cookieScript is { IsDue: true } cookieScript)
            {
                errno = cookieScript.Run(out IReadOnlyList<string> lines);
                if (errno == Errno.Ok)
                    _cookie = lines.Count == 0 ? null : LibCurl.Terminated(lines[0]);   // One line is asked for.
            }

            if (errno == Errno.Ok)
                _generation++;
            return errno;
        }
    }
}
