// The value of protocols=. Not: which protocols this libcurl has, which it says itself.

using System;
using System.Collections.Generic;
using NbdFast.Values;

namespace NbdFast.Plugins.Curl;

/// <summary>The protocols that are allowed in the URL and in redirects.</summary>
/// <param name="Names">Separated by commas.</param>
public readonly record struct ProtocolList(string Names) : IValue<ProtocolList>
{
    // CURLPROTO_, by the number of the bit: for a libcurl that does not take names. No later protocol has a bit.
    private static readonly string[] Bits =
    [
        "http", "https", "ftp", "ftps", "scp", "sftp", "telnet", "ldap", "ldaps", "dict", "file", "tftp", "imap",
        "imaps", "pop3", "pop3s", "smtp", "smtps", "rtsp", "rtmp", "rtmpt", "rtmpe", "rtmpte", "rtmps", "rtmpts",
        "gopher", "smb", "smbs", "mqtt", "gophers",
    ];

    /// <summary>Takes the list; whether the names are known is for libcurl to say.</summary>
    /// <exception cref="ConfigException">It is empty.</exception>
    public static ProtocolList Parse(string value) => value.Trim(',').Length == 0
        ? throw new ConfigException("empty list of protocols is not allowed")
        : new ProtocolList(value);

    /// <summary>The list as bits.</summary>
    /// <exception cref="ConfigException">A name is unknown.</exception>
    public long ToBits()
    {
        long bits = 0;
        foreach (string name in Names.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            int bit = Array.IndexOf(Bits, name.ToLowerInvariant());
            bits |= bit >= 0 ? 1L << bit : throw new ConfigException($"protocols: protocol name not found: {name}");
        }

        return bits;
    }

    /// <summary>Checks the names.</summary>
    /// <param name="known">Those that libcurl has.</param>
    /// <exception cref="ConfigException">A name is unknown.</exception>
    public void Check(IReadOnlyList<string> known)
    {
        foreach (string name in Names.Split(',', StringSplitOptions.RemoveEmptyEntries))
            if (Array.IndexOf(Bits, name.ToLowerInvariant()) < 0 && !Contains(known, name))
                throw new ConfigException($"protocols: protocol name not found: {name}");
    }

    private static bool Contains(IReadOnlyList<string> known, string name)
    {
        foreach (string other in known)
            if (string.Equals(other, name, StringComparison.OrdinalIgnoreCase))
                return true;
        return false;
    }
}
