// What can be asked of an easy handle, with the numbers of curl/curl.h. Not: asking (EasyHandle).

namespace NbdFast.Plugins.Curl.Native;

/// <summary>Questions; see curl_easy_getinfo(3).</summary>
internal enum CurlInfo
{
    Private = 0x10_0000 + 21,
    Scheme = 0x10_0000 + 49,

    // 64-bit numbers; times are in microseconds since the start of the transfer.
    ContentLength = 0x60_0000 + 15,
    TotalTime = 0x60_0000 + 50,
    NameLookupTime = 0x60_0000 + 51,
    ConnectTime = 0x60_0000 + 52,
    PreTransferTime = 0x60_0000 + 53,
    StartTransferTime = 0x60_0000 + 54,
    RedirectTime = 0x60_0000 + 55,
    AppConnectTime = 0x60_0000 + 56,

    // Since libcurl 8.2.
    TransferId = 0x60_0000 + 63,
    ConnectionId = 0x60_0000 + 64,
}
