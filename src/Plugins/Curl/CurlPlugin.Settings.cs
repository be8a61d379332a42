// Which parameter of the curl plugin is which option of libcurl. Not: what they mean to a user (the page).

using NbdFast.Plugins.Curl.Native;
using NbdFast.Values;

namespace NbdFast.Plugins.Curl;

public sealed partial class CurlPlugin
{
    private const int CheckCertificateAndName = 2;

    private HandleSettings MakeSettings()
    {
        HandleSettings settings = new();
        settings.Add("url", CurlOption.Url, Url);
        settings.Add("user", CurlOption.UserName, User);
        settings.Add("password", CurlOption.Password, Password);
        settings.Add("user-agent", CurlOption.UserAgent, UserAgent);
        settings.Add("followlocation", CurlOption.FollowLocation, FollowLocation ? 1 : 0);
        settings.Add("http-version", CurlOption.HttpVersion, HttpVersion.Number);
        settings.Add("timeout", CurlOption.Timeout, Timeout);
        if (_isVerbose)
            settings.Add("curl.verbose", CurlOption.Verbose, 1);
        AddProtocols(settings);
        AddTls(settings);
        AddConnection(settings);
        return settings;
    }

    private void AddProtocols(HandleSettings settings)
    {
        if (Protocols is not { } protocols)
            return;
        if (LibCurl.VersionNumber >= LibCurl.VersionWithProtocolNames)
        {
            settings.Add("protocols", CurlOption.ProtocolNames, protocols.Names);
            settings.Add("protocols", CurlOption.RedirectProtocolNames, protocols.Names);
        }
        else
        {
            settings.Add("protocols", CurlOption.Protocols, protocols.ToBits());
            settings.Add("protocols", CurlOption.RedirectProtocols, protocols.ToBits());
        }
    }

    private void AddTls(HandleSettings settings)
    {
        AddPath(settings, "cainfo", CurlOption.CaInfo, CaInfo);
        AddPath(settings, "capath", CurlOption.CaPath, CaPath);
        AddPath(settings, "proxy-cainfo", CurlOption.ProxyCaInfo, ProxyCaInfo);
        AddPath(settings, "proxy-capath", CurlOption.ProxyCaPath, ProxyCaPath);
        settings.Add("sslverify", CurlOption.SslVerifyPeer, SslVerify ? 1 : 0);
        settings.Add("sslverify", CurlOption.SslVerifyHost, SslVerify ? CheckCertificateAndName : 0);
        settings.Add("ssl-version", CurlOption.SslVersion, SslVersion.Number);
        settings.Add("ssl-cipher-list", CurlOption.SslCipherList, SslCipherList);
        settings.Add("tls13-ciphers", CurlOption.Tls13Ciphers, Tls13Ciphers);
    }

    private void AddConnection(HandleSettings settings)
    {
        settings.Add("proxy", CurlOption.Proxy, Proxy);
        settings.Add("proxy-user", CurlOption.ProxyUserName, ProxyUser);
        settings.Add("proxy-password", CurlOption.ProxyPassword, ProxyPassword);
        settings.Add("resolve", CurlOption.Resolve, Resolve);
        settings.Add("ipresolve", CurlOption.IpResolve, IpResolve.Number);
        settings.Add("tcp-keepalive", CurlOption.TcpKeepAlive, TcpKeepAlive ? 1 : 0);
        settings.Add("tcp-nodelay", CurlOption.TcpNoDelay, TcpNoDelay ? 1 : 0);
        if (UnixSocketPath is { } path)
            settings.Add("unix-socket-path", CurlOption.UnixSocketPath, path.ToString());
    }

    // An empty path takes away the one that libcurl was compiled with.
    private static void AddPath(HandleSettings settings, string parameter, CurlOption option, string? path)
    {
        if (path is "")
            settings.Add(parameter, option, 0);
        else
            settings.Add(parameter, option, PathOf(path));
    }

    // Absolute, for the server changes its directory; "" and null as they are.
    private static string? PathOf(string? path) =>
        string.IsNullOrEmpty(path) ? path : FilePath.Parse(path).ToString();
}
