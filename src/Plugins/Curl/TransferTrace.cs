// libcurl's own messages (-D curl.verbose=1). Not: when they are wanted (HandleSettings).

using System;
using System.Text;
using NbdFast.Plugins.Curl.Native;

namespace NbdFast.Plugins.Curl;

/// <summary>Writes what libcurl tells of its transfers to the debug messages.</summary>
/// <param name="withIds">Name connection and transfer (<c>-D curl.verbose.ids=1</c>), where this libcurl numbers
/// them.</param>
internal sealed class TransferTrace(bool withIds)
{
    // curl_infotype.
    internal const int Remark = 0;
    internal const int HeaderIn = 1;
    internal const int HeaderOut = 2;

    /// <summary>Writes a message; data are not shown.</summary>
    public void Tell(EasyHandle handle, int kind, ReadOnlySpan<byte> text)
    {
        string? sign = kind switch
        {
            Remark => "",
            HeaderIn => "S: ",
            HeaderOut => "C: ",
            _ => null,
        };
        if (sign == null)
            return;
        string ids = withIds ? Ids(handle) : "";
        foreach (string line in Encoding.UTF8.GetString(text).TrimEnd('\r', '\n').Split('\n'))
            Log.Debug($"{ids}{sign}{line.TrimEnd('\r')}");
    }

    private static string Ids(EasyHandle handle)
    {
        long connection = handle.GetNumber(CurlInfo.ConnectionId);
        long transfer = handle.GetNumber(CurlInfo.TransferId);
        return connection < 0 && transfer < 0 ? "" : $"conn {connection} xfer {transfer}: ";
    }
}
