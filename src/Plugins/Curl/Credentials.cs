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

    /// <summary>A script has to be run before the next request.</summary>
    public bool AreDue
    {
        [HotPath]
        get => _headerScript is { IsDue: true } || _cookieScript is { IsDue: true };
    }

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

    /// <summary>Runs the scripts whose time has come; takes as long as they do.</summary>
    /// <returns>What is wrong with a script, or null.</returns>
    public string? Refresh()
    {
        lock (_lock)
        {
            string? failure = null;
            if (_headerScript is { IsDue: true } headerScript)
            {
                failure = headerScript.Run(out IReadOnlyList<string> lines);
                if (failure == null)
                    _headers = lines;
            }

            if (failure == null && _cookieScript is { IsDue: true } cookieScript)
            {
                failure = cookieScript.Run(out IReadOnlyList<string> lines);
                if (failure == null)
                    _cookie = lines.Count == 0 ? null : LibCurl.Terminated(lines[0]);   // One line is asked for.
            }

            if (failure == null)
                _generation++;
            return failure;
        }
    }
}
