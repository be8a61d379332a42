// The curl plugin: what of its parameters goes where, and its life. Not: the parameters themselves (the other part of
// the class), a client's requests (CurlConnection).

using System;
using System.Collections.Generic;
using System.IO;
using NbdFast.Diagnostics;
using NbdFast.Plugins.Curl.Native;
using NbdFast.Values;

namespace NbdFast.Plugins.Curl;

/// <summary>Serves what is at a URL, by way of libcurl.</summary>
[NbdPlugin("curl", "nbdkit curl plugin", ThreadModel = ThreadModel.Parallel, Latency = Latency.Blocking,
    Description = "Serve a file of a web or FTP server.")]
public sealed partial class CurlPlugin : Plugin
{
    private const string Name = "curl";
    private const int MostSegmentBytes = 4 << 20;
    private const int SegmentsAhead = 4;
    private const ulong LeastReadahead = 64 << 10;
    private const ulong MostReadahead = 1 << 30;
    private const uint MostTimeoutSeconds = int.MaxValue / 1000;   // libcurl counts in milliseconds.

    private readonly bool _tellsScripts = DebugFlags.Get(Name, "scripts") != 0;
    private readonly bool _tellsTimes = DebugFlags.Get(Name, "times") != 0;
    private readonly bool _tellsIds = DebugFlags.Get(Name, "verbose.ids") != 0;
    private readonly bool _isVerbose = DebugFlags.Get(Name, "verbose") != 0;

    private readonly object _lock = new();
    private readonly List<Readahead> _readaheads = [];
    private RemoteFile? _file;
    private SegmentStock? _stock;

    /// <summary>Reads the debug flags at once: of one that nobody reads the user is told.</summary>
    public CurlPlugin()
    {
    }

    /// <inheritdoc/>
    public override bool Config(string key, string value)
    {
        if (key != "unix_socket_path")   // Its name before nbdkit had settled on dashes.
            return false;
        UnixSocketPath = FilePath.Parse(value);
        return true;
    }

    /// <inheritdoc/>
    public override void ConfigComplete()
    {
        CheckScripts();
        if (Cookie.Count > 1)
            throw new ConfigException("cookie can be used at most once");
        if (Connections == 0)
            throw new ConfigException("connections must be at least 1");
        if (Timeout > MostTimeoutSeconds)
            throw new ConfigException($"timeout is too large: {Timeout} (at most {MostTimeoutSeconds} seconds)");
        if (ReadaheadSize != 0 && (ReadaheadSize < LeastReadahead || ReadaheadSize > MostReadahead))
            throw new ConfigException($"readahead must be 0, or from 64K to 1G ({ReadaheadSize})");
        LibCurl.Load();
        if (Protocols is { } protocols)
            protocols.Check(LibCurl.Protocols);
    }

    /// <inheritdoc/>
    public override void DumpFields(TextWriter output)
    {
        try
        {
            LibCurl.Load();
        }
        catch (ConfigException error)
        {
            Log.Debug($"{error.Message}");   // What can be told without the library is told.
            return;
        }

        output.WriteLine($"curl_version={LibCurl.Version}");
        output.WriteLine($"curl_version_num=0x{LibCurl.VersionNumber:x6}");
        output.WriteLine($"curl_host={LibCurl.Host}");
        output.WriteLine($"curl_features=0x{LibCurl.Features:x}");
        output.WriteLine($"curl_ssl_version={LibCurl.Tls}");
        output.WriteLine($"curl_libz_version={LibCurl.Zlib}");
        output.WriteLine($"curl_protocols={string.Join(',', LibCurl.Protocols)}");
    }

    /// <inheritdoc/>
    public override void GetReady(ThreadModel model)
    {
        HandleSettings settings = MakeSettings();
        Credentials credentials = new(
            Header, Cookie.Count == 0 ? [] : Cookie[0].Bytes,
            ScriptOf("header-script", HeaderScript, HeaderScriptRenew),
            ScriptOf("cookie-script", CookieScript, CookieScriptRenew));
        CookieStore? cookies = CookieFile == null && CookieJar == null
            ? null
            : new CookieStore(PathOf(CookieJar ?? CookieFile)!, PathOf(CookieJar));
        bool isHttp = Url.StartsWith("http", StringComparison.OrdinalIgnoreCase);
        _file = new RemoteFile(
            settings, credentials, cookies, (int)Math.Min(Connections, int.MaxValue), isHttp,
            _isVerbose ? new TransferTrace(_tellsIds) : null, _tellsTimes ? new TransferTimes() : null);
        _file.Check();
        int segment = (int)Math.Clamp(ReadaheadSize / SegmentsAhead, LeastReadahead, MostSegmentBytes);
        _stock = new SegmentStock(_file, segment);
    }

    /// <inheritdoc/>
    public override CurlConnection? Open(OpenRequest request)
    {
        request.Error = Errno.ENOMEM;
        if (_file!.Rent() is not { } transfer)
            return null;
        using SizeProbe probe = new(_file, transfer, Url);
        request.Error = probe.Ask();
        if (request.Error != Errno.Ok)
            return null;
        Readahead? readahead = ReadaheadSize == 0
            ? null
            : new Readahead(_stock!, probe.Size, (long)ReadaheadSize.Bytes, isForAll: !probe.IsHttp);
        if (readahead != null)
            lock (_lock)
                _readaheads.Add(readahead);
        return new CurlConnection(this, _file, probe.Size, probe.IsHttp && !request.ReadOnly, readahead);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _file?.Dispose();
        _stock?.Release();
        base.Dispose();
    }

    /// <summary>A client has gone.</summary>
    internal void Closed(Readahead? readahead)
    {
        if (readahead != null)
        {
            lock (_lock)
                _readaheads.Remove(readahead);
            readahead.Clear();
        }

        _file!.Cookies?.Save();
    }

    /// <summary>Something was written: no client is served what was fetched of it before.</summary>
    internal void Forget(ulong offset, ulong count)
    {
        lock (_lock)
            foreach (Readahead readahead in _readaheads)
                readahead.Forget(offset, count);
    }

    private CredentialScript? ScriptOf(string name, string? script, uint? renew) =>
        script == null ? null : new CredentialScript(name, script, Url, renew ?? 0, _tellsScripts);

    private void CheckScripts()
    {
        if (Header.Count > 0 && HeaderScript != null)
            throw new ConfigException("header and header-script cannot be used at the same time");
        if (Cookie.Count > 0 && CookieScript != null)
            throw new ConfigException("cookie and cookie-script cannot be used at the same time");
        if (HeaderScript == null && HeaderScriptRenew != null)
            throw new ConfigException("header-script-renew cannot be used without header-script");
        if (CookieScript == null && CookieScriptRenew != null)
            throw new ConfigException("cookie-script-renew cannot be used without cookie-script");
    }
}
