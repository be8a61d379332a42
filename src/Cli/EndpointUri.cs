// The NBD URI of the server, for --run and --print-uri. Not: parsing URIs.

using System;
using System.Globalization;
using System.Text;

namespace NbdFast.Cli;

/// <summary>Writes NBD URIs.</summary>
internal static class EndpointUri
{
    /// <summary>The URI of a TCP port.</summary>
    /// <param name="host">What <c>-i</c> said, or null for all interfaces.</param>
    /// <param name="isIPv6">All interfaces means those of IPv6 alone.</param>
    /// <param name="port">The true port.</param>
    /// <param name="exportName">The export; "" for the default one.</param>
    /// <param name="isTls">Clients must use TLS.</param>
    public static string ForTcp(string? host, bool isIPv6, int port, string exportName, bool isTls = false)
    {
        // A wildcard is no address to connect to. Neither is a name needed for the loopback of IPv6, which /etc/hosts
        // may not have.
        string reachable = host switch
        {
            null => isIPv6 ? "::1" : "localhost",
            "0.0.0.0" => "localhost",
            "::" => "::1",
            _ => host,
        };
        string authority = reachable.Contains(':', StringComparison.Ordinal)
            ? $"[{EscapeZone(reachable)}]"
            : Escape(reachable);
        return string.Create(CultureInfo.InvariantCulture, $"{Scheme(isTls)}://{authority}:{port}{PathOf(exportName)}");
    }

    /// <summary>The URI of a Unix socket.</summary>
    public static string ForUnix(string path, string exportName, bool isTls = false) =>
        $"{Scheme(isTls)}+unix://{PathOf(exportName)}?socket={Escape(path)}";

    /// <summary>The URI of a vsock port, as seen from this machine itself, whose number there is 1.</summary>
    public static string ForVsock(uint port, string exportName, bool isTls = false) => string.Create(
        CultureInfo.InvariantCulture, $"{Scheme(isTls)}+vsock://1:{port}{PathOf(exportName)}");

    private static string Scheme(bool isTls) => isTls ? "nbds" : "nbd";

    private static string PathOf(string exportName) => exportName.Length == 0 ? "" : "/" + Escape(exportName);

    /// <summary>Leaves letters, digits, <c>-._~</c> and slashes as they are; every other byte becomes %XX.</summary>
    internal static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (byte b in Encoding.UTF8.GetBytes(text))
            if (char.IsAsciiLetterOrDigit((char)b) || (char)b is '-' or '.' or '_' or '~' or '/')
                escaped.Append((char)b);
            else
                escaped.Append('%').Append(b.ToString("X2", CultureInfo.InvariantCulture));
        return escaped.ToString();
    }

    // The percent sign before the zone of a link-local address is itself escaped (RFC 6874).
    private static string EscapeZone(string address)
    {
        int zone = address.IndexOf('%', StringComparison.Ordinal);
        return zone < 0 ? address : $"{address[..zone]}%25{Escape(address[(zone + 1)..])}";
    }
}
