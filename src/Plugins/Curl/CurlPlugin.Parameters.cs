// The parameters of the curl plugin. Not: what is done with them.

using System.Collections.Generic;
using NbdFast.Values;

namespace NbdFast.Plugins.Curl;

public sealed partial class CurlPlugin
{
    /// <summary>What is served.</summary>
    [NbdParameter("url", Magic = true, Required = true, Help = "The disk image URL to serve.")]
    public string Url { get; private set; } = "";

    /// <summary>A file of CA certificates; "" for none.</summary>
    [NbdParameter("cainfo", Help = "Path to Certificate Authority file.")]
    public string? CaInfo { get; private set; }

    /// <summary>A directory of CA certificates.</summary>
    [NbdParameter("capath", Help = "Path to directory with CA certificates.")]
    public string? CaPath { get; private set; }

    /// <summary>The most connections to servers, of all clients together.</summary>
    [NbdParameter("connections", ValueName = "N", Help = "Number of connections to the server (default: 16).")]
    public uint Connections { get; private set; } = 16;

    /// <summary>A cookie of every request; a list only so that a second one can be refused.</summary>
    [NbdParameter("cookie", Help = "Set HTTP/HTTPS cookies.")]
    public List<Password> Cookie { get; } = [];

    /// <summary>A file of cookies to begin with; "" for none.</summary>
    [NbdParameter("cookiefile", ValueName = "FILENAME", Help = "Enable cookie processing; read cookies from file.")]
    public string? CookieFile { get; private set; }

    /// <summary>A file of cookies to begin with, and to write to.</summary>
    [NbdParameter("cookiejar", ValueName = "FILENAME", Help = "Read and write cookies to jar.")]
    public string? CookieJar { get; private set; }

    /// <summary>Prints a cookie.</summary>
    [NbdParameter("cookie-script", ValueName = "SCRIPT", Help = "Script to set HTTP/HTTPS cookies.")]
    public string? CookieScript { get; private set; }

    /// <summary>How old the cookie may get, in seconds; 0: any age.</summary>
    [NbdParameter("cookie-script-renew", ValueName = "SECS", Help = "Time to renew HTTP/HTTPS cookies.")]
    public uint? CookieScriptRenew { get; private set; }

    /// <summary>Follow redirects.</summary>
    [NbdParameter("followlocation", ValueName = "BOOL", Help = "Follow redirects (default: true).")]
    public bool FollowLocation { get; private set; } = true;

    /// <summary>Headers of every request.</summary>
    [NbdParameter("header", Help = "Set HTTP/HTTPS header; may be repeated.")]
    public List<string> Header { get; } = [];

    /// <summary>Prints headers.</summary>
    [NbdParameter("header-script", ValueName = "SCRIPT", Help = "Script to set HTTP/HTTPS headers.")]
    public string? HeaderScript { get; private set; }

    /// <summary>How old the headers may get, in seconds; 0: any age.</summary>
    [NbdParameter("header-script-renew", ValueName = "SECS", Help = "Time to renew HTTP/HTTPS headers.")]
    public uint? HeaderScriptRenew { get; private set; }

    /// <summary>The version of HTTP.</summary>
    [NbdParameter("http-version", ValueName = "none|...", Help = "Force a particular HTTP protocol.")]
    public HttpVersion HttpVersion { get; private set; }

    /// <summary>Which kind of addresses is used.</summary>
    [NbdParameter("ipresolve", ValueName = "any|v4|v6", Help = "Force IPv4 or IPv6 (default: any).")]
    public IpVersion IpResolve { get; private set; }

    /// <summary>The password of the user at the server.</summary>
    [NbdParameter("password", Help = "The password for the user account.")]
    public Password? Password { get; private set; }

    /// <summary>Protocols that may be used.</summary>
    [NbdParameter("protocols", ValueName = "PROTO,PROTO,..", Help = "Limit protocols allowed.")]
    public ProtocolList? Protocols { get; private set; }

    /// <summary>The proxy.</summary>
    [NbdParameter("proxy", Help = "Set proxy URL.")]
    public string? Proxy { get; private set; }

    /// <summary>As <see cref="CaInfo"/>, for the proxy.</summary>
    [NbdParameter("proxy-cainfo", ValueName = "CAINFO", Help = "Path to Certificate Authority file of the proxy.")]
    public string? ProxyCaInfo { get; private set; }

    /// <summary>As <see cref="CaPath"/>, for the proxy.</summary>
    [NbdParameter("proxy-capath", ValueName = "CAPATH", Help = "Path to directory with CA certificates of the proxy.")]
    public string? ProxyCaPath { get; private set; }

    /// <summary>The password at the proxy.</summary>
    [NbdParameter("proxy-password", ValueName = "PASSWORD", Help = "The proxy password.")]
    public Password? ProxyPassword { get; private set; }

    /// <summary>The user at the proxy.</summary>
    [NbdParameter("proxy-user", ValueName = "USER", Help = "The proxy user.")]
    public string? ProxyUser { get; private set; }

    /// <summary>How far ahead of a sequential client is read, in bytes; 0: not at all. Not of nbdkit.</summary>
    [NbdParameter("readahead", ValueName = "SIZE", Help = "Most bytes to read ahead (default: 16M; 0: none).")]
    public DiskSize ReadaheadSize { get; private set; } = new(16 << 20);

    /// <summary>Addresses of names.</summary>
    [NbdParameter("resolve", ValueName = "HOST:PORT:ADDRESS", Help = "Custom host to IP resolution; may be repeated.")]
    public List<string> Resolve { get; } = [];

    /// <summary>Look at the certificate of the server.</summary>
    [NbdParameter("sslverify", ValueName = "BOOL", Help = "Verify SSL certificate of remote host (default: true).")]
    public bool SslVerify { get; private set; } = true;

    /// <summary>The version of TLS.</summary>
    [NbdParameter("ssl-version", ValueName = "VERSION", Help = "Specify preferred TLS/SSL version.")]
    public SslVersion SslVersion { get; private set; }

    /// <summary>Ciphers up to TLS 1.2.</summary>
    [NbdParameter("ssl-cipher-list", ValueName = "C1:C2:..", Help = "Specify TLS/SSL cipher suites to be used.")]
    public string? SslCipherList { get; private set; }

    /// <summary>Ciphers of TLS 1.3.</summary>
    [NbdParameter("tls13-ciphers", ValueName = "C1:C2:..", Help = "Specify TLS 1.3 cipher suites to be used.")]
    public string? Tls13Ciphers { get; private set; }

    /// <summary>TCP looks whether the server is there.</summary>
    [NbdParameter("tcp-keepalive", ValueName = "BOOL", Help = "Enable TCP keepalives (default: false).")]
    public bool TcpKeepAlive { get; private set; }

    /// <summary>TCP sends small pieces at once.</summary>
    [NbdParameter("tcp-nodelay", ValueName = "BOOL", Help = "Disable Nagle's algorithm (default: true).")]
    public bool TcpNoDelay { get; private set; } = true;

    /// <summary>How long a request may take, in seconds; 0: as long as libcurl lets it.</summary>
    [NbdParameter("timeout", ValueName = "SECS", Help = "Set the timeout for requests (seconds).")]
    public uint Timeout { get; private set; }

    /// <summary>The server's Unix socket.</summary>
    [NbdParameter("unix-socket-path", ValueName = "PATH", Help = "Open Unix domain socket instead of TCP/IP.")]
    public FilePath? UnixSocketPath { get; private set; }

    /// <summary>The user at the server.</summary>
    [NbdParameter("user", Help = "The user to log in as.")]
    public string? User { get; private set; }

    /// <summary>The name of the client that the server is told.</summary>
    [NbdParameter("user-agent", Help = "Send user-agent header for HTTP/HTTPS.")]
    public string? UserAgent { get; private set; }
}
