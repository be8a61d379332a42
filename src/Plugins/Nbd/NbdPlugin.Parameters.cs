// The parameters of the nbd plugin, and what they mean together. Not: connecting (NbdPlugin).

using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using NbdFast.Client;
using NbdFast.Native;
using NbdFast.Values;

namespace NbdFast.Plugins.Nbd;

public sealed partial class NbdPlugin
{
    private const uint MostConnections = 64;
    private const string Ways = "‘socket’, ‘hostname’, ‘vsock’, ‘command’, ‘socket-fd’ and ‘uri’";

    /// <summary>The URI of the export.</summary>
    [NbdParameter("uri", Magic = true, Help = "The NBD URI to connect to.")]
    public string? Uri { get; private set; }

    /// <summary>The Unix socket of the server.</summary>
    [NbdParameter("socket", ValueName = "SOCKNAME", Help = "The Unix socket to connect to.")]
    public FilePath? Socket { get; private set; }

    /// <summary>The host of the server.</summary>
    [NbdParameter("hostname", ValueName = "HOST", Help = "The hostname for the TCP socket to connect to.")]
    public string? HostName { get; private set; }

    /// <summary>The port of the server.</summary>
    [NbdParameter("port", Help = "TCP/VSOCK port or service name to use (default 10809).")]
    public string? Port { get; private set; }

    /// <summary>The machine of the server.</summary>
    [NbdParameter("vsock", ValueName = "CID", Help = "The CID for the VSOCK socket to connect to.")]
    public uint? Vsock { get; private set; }

    /// <summary>The program that is the server.</summary>
    [NbdParameter("command", Help = "Command to run as the server.")]
    public string? Command { get; private set; }

    /// <summary>Its arguments.</summary>
    [NbdParameter("arg", Help = "Parameters for the command; may be repeated.")]
    public List<string> Arguments { get; private set; } = [];

    /// <summary>A connection that is there already.</summary>
    [NbdParameter("socket-fd", ValueName = "FD", Help = "Socket file descriptor to connect to.")]
    public int? SocketDescriptor { get; private set; }

    /// <summary>The export to serve.</summary>
    [NbdParameter("export", ValueName = "NAME", Help = "Export name to connect to (default \"\").")]
    public string? Export { get; private set; }

    /// <summary>Clients choose the export.</summary>
    [NbdParameter("dynamic-export", ValueName = "BOOL", Help = "True to enable export name pass-through.")]
    public bool DynamicExport { get; private set; }

    /// <summary>How often connecting is tried again.</summary>
    [NbdParameter("retry", ValueName = "N", Help = "Retry connection up to N times, once a second (default 0).")]
    public uint Retry { get; private set; }

    /// <summary>All clients share what is connected to the server.</summary>
    [NbdParameter("shared", ValueName = "BOOL",
        Help = """
            True to share one server connection among all clients,
            rather than a connection per client (default false).
            """)]
    public bool? IsSharedWanted { get; private set; }

    /// <summary>How many connections are made to the server.</summary>
    [NbdParameter("connections", ValueName = "N",
        Help = "Connections to make instead of each one, if the server allows (default 1).")]
    public uint Connections { get; private set; } = 1;

    /// <summary>Whether to encrypt.</summary>
    [NbdParameter("tls", ValueName = "MODE", Help = "How to use TLS; one of 'off', 'on', or 'require'.")]
    public ClientTlsMode? Tls { get; private set; }

    /// <summary>The folder of certificates.</summary>
    [NbdParameter("tls-certificates", ValueName = "DIR", Help = "Directory containing files for X.509 certificates.")]
    public FilePath? TlsCertificates { get; private set; }

    /// <summary>Whether to verify the server's certificate.</summary>
    [NbdParameter("tls-verify", ValueName = "BOOL", Help = "True (default for X.509) to validate server.")]
    public bool? TlsVerify { get; private set; }

    /// <summary>Whose key to use.</summary>
    [NbdParameter("tls-username", ValueName = "NAME", Help = "Override username presented in TLS.")]
    public string? TlsUserName { get; private set; }

    /// <summary>The file of keys.</summary>
    [NbdParameter("tls-psk", ValueName = "FILE", Help = "File containing Pre-Shared Key for TLS.")]
    public FilePath? TlsKeys { get; private set; }

    /// <inheritdoc/>
    public override void ConfigComplete()
    {
        CheckOneWay();
        NbdUri? uri = Uri == null ? null : NbdUri.Parse(Uri);
        NbdAddress address = uri?.Address ?? AddressOfParameters();
        _exportName = ChooseExport(uri);
        _isShared = IsSharedWanted ?? address is NbdAddress.Command or NbdAddress.Inherited;
        if (DynamicExport && Export != null)
            throw new ConfigException("cannot mix 'dynamic-export' with explicit export name");
        if (DynamicExport && _isShared)
            throw new ConfigException("cannot use 'dynamic-export' with shared connection");
        if (!_isShared && address is NbdAddress.Inherited)
            throw new ConfigException(
                "‘socket-fd’ is one connection, which all clients share: shared=false is not possible");
        if (Connections is 0 or > MostConnections)
            throw new ConfigException($"connections: a number from 1 to {MostConnections} was expected");
        _server = new RemoteServer(address, ChooseTls(uri));
    }

    private void CheckOneWay()
    {
        bool[] given =
        [
            Uri != null, Socket != null, HostName != null, Vsock != null, SocketDescriptor != null,
            Command != null || Arguments.Count > 0,
        ];
        int count = given.Count(isGiven => isGiven);
        if (count == 0)
            throw new ConfigException($"exactly one of {Ways} parameters must be specified");
        if (count > 1)
            throw new ConfigException(
                "cannot mix Unix ‘socket’, TCP ‘hostname’/‘port’, ‘vsock’, ‘command’, ‘socket-fd’ and ‘uri’ " +
                "parameters");
        if (Command == null && Arguments.Count > 0)
            throw new ConfigException("‘arg’ parameter should only be used with ‘command’");
        if (Port != null && HostName == null && Vsock == null)
            throw new ConfigException("‘port’ parameter should only be used with ‘hostname’ or ‘vsock’");
    }

    private NbdAddress AddressOfParameters()
    {
        if (Socket is { } path)
            return Encoding.UTF8.GetByteCount(path) <= SocketAddress.MaximumPathBytes
                ? new NbdAddress.Unix(path)
                : throw new ConfigException("socket file name too large");
        string port = Port ?? NbdAddress.DefaultPort;
        if (Vsock is { } machine)
            return new NbdAddress.Vsock(machine, Parsers.ForKey("port", port, Parsers.ParseUInt32));
        if (Command != null)
            return Command.Length > 0
                ? new NbdAddress.Command([Command, .. Arguments])
                : throw new ConfigException("command: no program is named");
        if (SocketDescriptor is { } descriptor)
            return descriptor >= 0
                ? new NbdAddress.Inherited(descriptor)
                : throw new ConfigException($"socket-fd={descriptor}: a file descriptor cannot be negative");
        bool isNumber = port.Length > 0 && port.All(char.IsAsciiDigit);
        if (isNumber && !ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            throw new ConfigException($"port: a number up to {ushort.MaxValue} was expected, not {port}");
        if (HostName is not { Length: > 0 } || port.Length == 0)
            throw new ConfigException("‘hostname’ and ‘port’ must not be empty");
        return new NbdAddress.Tcp(HostName, port);
    }

    private string ChooseExport(NbdUri? uri)
    {
        string ofUri = uri?.ExportName ?? "";
        if (Export != null && ofUri.Length > 0 && Export != ofUri)
            throw new ConfigException($"the URI names the export '{ofUri}', and export={Export} another one");
        string name = Export ?? ofUri;
        if (Encoding.UTF8.GetByteCount(name) > ExportInfo.MaximumStringBytes)
            throw new ConfigException("export name too long");
        return name;
    }

    // Any other parameter about TLS asks for it.
    private ClientTls? ChooseTls(NbdUri? uri)
    {
        string? keys = TlsKeys is { } given ? (string)given : uri?.TlsKeyFile;
        string? certificates = TlsCertificates is { } folder ? (string)folder : uri?.TlsCertificates;
        bool isMentioned = keys != null || certificates != null || TlsVerify != null || TlsUserName != null;
        ClientTlsMode mode = uri is { RequiresTls: true }
            ? ClientTlsMode.Require
            : Tls ?? (isMentioned ? ClientTlsMode.On : ClientTlsMode.Off);
        if (!mode.IsWanted)
            return null;
        if (keys != null)
            return ClientTls.OfKeys(keys, TlsUserName ?? uri?.UserName, uri?.TlsPriority, mode.IsRequired);
        bool verifies = TlsVerify ?? uri?.TlsVerifiesPeer ?? true;
        return ClientTls.OfCertificates(
            certificates, uri?.TlsPriority, mode.IsRequired, verifies, uri?.TlsHostName);
    }
}
