// The options of an easy handle that are used here, with the numbers of curl/curl.h. Not: setting them (EasyHandle).

namespace NbdFast.Plugins.Curl.Native;

/// <summary>Options; see curl_easy_setopt(3).</summary>
internal enum CurlOption
{
    // Numbers and switches.
    Timeout = 13,
    SslVersion = 32,
    Verbose = 41,
    NoBody = 44,
    FailOnError = 45,
    Upload = 46,
    FollowLocation = 52,
    SslVerifyPeer = 64,
    HttpGet = 80,
    SslVerifyHost = 81,
    HttpVersion = 84,
    BufferSize = 98,
    NoSignal = 99,
    IpResolve = 113,
    TcpNoDelay = 121,
    Protocols = 181,
    RedirectProtocols = 182,
    TcpKeepAlive = 213,

    // Texts, which libcurl copies, and things that must stay where they are.
    WriteData = 10_001,
    Url = 10_002,
    Proxy = 10_004,
    Range = 10_007,
    ReadData = 10_009,
    ErrorBuffer = 10_010,
    UserAgent = 10_018,
    Cookie = 10_022,
    HttpHeader = 10_023,
    HeaderData = 10_029,
    CookieFile = 10_031,
    CaInfo = 10_065,
    CookieJar = 10_082,
    SslCipherList = 10_083,
    DebugData = 10_095,
    CaPath = 10_097,
    Share = 10_100,
    Private = 10_103,
    CookieList = 10_135,
    UserName = 10_173,
    Password = 10_174,
    ProxyUserName = 10_175,
    ProxyPassword = 10_176,
    Resolve = 10_203,
    UnixSocketPath = 10_231,
    ProxyCaInfo = 10_246,
    ProxyCaPath = 10_247,
    Tls13Ciphers = 10_276,
    ProtocolNames = 10_318,
    RedirectProtocolNames = 10_319,

    // Functions.
    WriteFunction = 20_011,
    ReadFunction = 20_012,
    HeaderFunction = 20_079,
    DebugFunction = 20_094,

    // 64-bit numbers.
    InFileSize = 30_115,
}
