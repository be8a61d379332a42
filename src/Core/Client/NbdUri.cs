// The URI of an export ("The NBD URI format", doc/uri.md of NetworkBlockDevice/nbd). Not: connecting to it.

using System;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Unicode;
using NbdFast.Native;
using NbdFast.Values;

namespace NbdFast.Client;

/// <summary>What a URI says, taken apart.</summary>
public sealed class NbdUri
{
    private const string Separator = "://";

    private readonly string _text;

    private NbdUri(string text) => _text = text;

    /// <summary>The server.</summary>
    public NbdAddress Address { get; private set; } = null!;

    /// <summary>The export's name; "" is the default one.</summary>
    public string ExportName { get; private set; } = "";

    /// <summary>The scheme wants TLS.</summary>
    public bool RequiresTls { get; private set; }

    /// <summary>The name of the user to show, or null.</summary>
    public string? UserName { get; private set; }

    /// <summary>The folder of certificates, or null.</summary>
    public string? TlsCertificates { get; private set; }

    /// <summary>The file of pre-shared keys, or null.</summary>
    public string? TlsKeyFile { get; private set; }

    /// <summary>The name that the server's certificate must bear, or null: the host's.</summary>
    public string? TlsHostName { get; private set; }

    /// <summary>The priority string, or null.</summary>
    public string? TlsPriority { get; private set; }

    /// <summary>The server's certificate is to be verified, or not, or nothing is said of it.</summary>
    public bool? TlsVerifiesPeer { get; private set; }

    /// <summary>The path of a Unix socket as it was written, or null. Set once the query is read.</summary>
    private string? Socket { get; set; }

    /// <summary>Takes a URI apart.</summary>
    /// <exception cref="ConfigException">It is none, or not one of NBD.</exception>
    public static NbdUri Parse(string text)
    {
        NbdUri uri = new(text);
        int colon = text.IndexOf(Separator, StringComparison.Ordinal);
        if (colon <= 0)
            throw uri.Wrong("it does not begin with a scheme, as nbd://");
        string scheme = text[..colon].ToLowerInvariant();
        string rest = text[(colon + Separator.Length)..];
        if (rest.Contains('#', StringComparison.Ordinal))
            throw uri.Wrong("a fragment ('#') means nothing here");
        int query = rest.IndexOf('?', StringComparison.Ordinal);
        if (query >= 0)
            uri.ReadQuery(rest[(query + 1)..]);
        string hierarchy = query < 0 ? rest : rest[..query];
        int slash = hierarchy.IndexOf('/', StringComparison.Ordinal);
        uri.ExportName = slash < 0 ? "" : uri.Decode(hierarchy[(slash + 1)..]);
        if (uri.ExportName.Contains('\0', StringComparison.Ordinal))
            throw uri.Wrong("the export name has a NUL character");
        uri.ReadPlace(scheme, slash < 0 ? hierarchy : hierarchy[..slash]);
        return uri;
    }

    private void ReadPlace(string scheme, string authority)
    {
        RequiresTls = scheme.StartsWith("nbds", StringComparison.Ordinal);
        string host = ReadUser(authority);
        switch (scheme)
        {
            case "nbd" or "nbds":
                if (Socket != null)
                    throw Wrong("'socket' goes with nbd+unix or nbds+unix only");
                SplitPort(host, out string name, out string port);
                Address = new NbdAddress.Tcp(name.Length == 0 ? "localhost" : name, CheckPort(port, ushort.MaxValue));
                break;
            case "nbd+unix" or "nbds+unix":
                if (Socket is not { Length: > 0 })
                    throw Wrong("the parameter 'socket' is missing");
                Address = new NbdAddress.Unix(CheckSocket(Socket));
                break;
            case "nbd+vsock" or "nbds+vsock":
                if (Socket != null)
                    throw Wrong("'socket' goes with nbd+unix or nbds+unix only");
                SplitPort(host, out string machine, out port);
                // Without a machine it is the host, as libnbd has it.
                Address = new NbdAddress.Vsock(
                    machine.Length == 0 ? 2 : Number(machine, "CID"), Number(CheckPort(port, uint.MaxValue), "port"));
                break;
            default:
                throw Wrong($"unknown NBD URI scheme: {scheme}");
        }
    }

    private string ReadUser(string authority)
    {
        int at = authority.LastIndexOf('@');
        if (at < 0)
            return authority;
        UserName = Decode(authority[..at]);
        return authority[(at + 1)..];
    }

    private void SplitPort(string authority, out string host, out string port)
    {
        int end = authority.StartsWith('[') ? authority.IndexOf(']', StringComparison.Ordinal) : -1;
        if (authority.StartsWith('[') && end < 0)
            throw Wrong("']' is missing");
        int colon = authority.IndexOf(':', end + 1);
        if (end >= 0 && end + 1 != (colon < 0 ? authority.Length : colon))
            throw Wrong("only a port may follow on ']'");
        host = Decode(end >= 0 ? authority[1..end] : colon < 0 ? authority : authority[..colon]);
        port = colon < 0 || colon == authority.Length - 1 ? NbdAddress.DefaultPort : authority[(colon + 1)..];
    }

    private string CheckPort(string port, uint largest) =>
        uint.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out uint number) && number <= largest
            ? port
            : throw Wrong($"'{port}' is no port");

    private uint Number(string text, string what) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint number)
            ? number
            : throw Wrong($"'{text}' is no {what}");

    private string CheckSocket(string path)
    {
        // A name in the abstract namespace is no path; a path is made absolute before the server changes its folder.
        string socket = path[0] == '\0' ? path : FilePath.Parse(path);
        if (Encoding.UTF8.GetByteCount(socket) > SocketAddress.MaximumPathBytes)
            throw Wrong($"the path of the socket has more than {SocketAddress.MaximumPathBytes} bytes");
        return socket.IndexOf('\0', 1) < 0 ? socket : throw Wrong("the path of the socket has a NUL character");
    }

    private void ReadQuery(string query)
    {
        foreach (string item in query.Split(['&', ';'], StringSplitOptions.RemoveEmptyEntries))
        {
            int sign = item.IndexOf('=', StringComparison.Ordinal);
            Take(Decode(sign < 0 ? item : item[..sign]), sign < 0 ? "" : Decode(item[(sign + 1)..]));
        }
    }

    private void Take(string key, string value)
    {
        switch (key.ToLowerInvariant())
        {
            case "socket": Socket ??= value; break;
            case "tls-certificates": TlsCertificates = FilePath.Parse(value); break;
            case "tls-psk-file": TlsKeyFile = FilePath.Parse(value); break;
            case "tls-hostname": TlsHostName = value; break;
            case "tls-priority": TlsPriority = value; break;
            case "tls-verify-peer": TlsVerifiesPeer = Parsers.ForKey(key, value, Parsers.ParseBool); break;
            case "tls-type":
                if (value is not ("x509" or "psk"))
                    throw Wrong($"tls-type={value} is not served: it is x509 or psk");
                break;
            default:
                if (!key.StartsWith("x-", StringComparison.OrdinalIgnoreCase))   // Somebody's experiment.
                    throw Wrong($"unknown parameter '{key}'");
                break;
        }
    }

    // As RFC 3986 has it: a plus sign is a plus sign.
    private string Decode(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        int count = 0;
        for (int i = 0; i < bytes.Length; i++, count++)
        {
            bytes[count] = bytes[i];
            if (bytes[i] != (byte)'%')
                continue;
            if (i + 2 >= bytes.Length
                || !Utf8Parser.TryParse(bytes.AsSpan(i + 1, 2), out bytes[count], out int digits, 'x') || digits != 2)
                throw Wrong("'%' must be followed by two hexadecimal digits");
            i += 2;
        }

        return Utf8.IsValid(bytes.AsSpan(0, count))
            ? Encoding.UTF8.GetString(bytes, 0, count)
            : throw Wrong("what it encodes with '%' is not UTF-8");
    }

    private ConfigException Wrong(string why) => new($"unable to parse URI: {_text}: {why}");
}
