// The disk that tells a client about itself and the server. Not: requests to it (InfoConnection).

using System;
using System.Diagnostics;
using System.IO;
using System.Text;

namespace NbdFast.Plugins.Info;

/// <summary>Serves the client's address, the name that it asked for, the time, or the version.</summary>
[NbdPlugin("info", "nbdkit info plugin", ThreadModel = ThreadModel.Parallel, Latency = Latency.Memory,
    Description = "Serve information about the client and the server.")]
public sealed partial class InfoPlugin : Plugin
{
    private readonly long _start = Stopwatch.GetTimestamp();

    /// <summary>What to serve.</summary>
    [NbdParameter("mode", Magic = true,
        ValueName = "exportname|base64exportname|address|time|uptime|conntime|version",
        Help = "Plugin mode (default exportname).")]
    public InfoModeName Mode { get; private set; }

    /// <inheritdoc/>
    public override void DumpFields(TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        output.Write("info_address=yes\ninfo_base64=yes\n");
    }

    /// <inheritdoc/>
    public override InfoConnection? Open(OpenRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        switch (Mode.Mode)
        {
            case InfoMode.ExportName:
                return InfoConnection.OfText(Encoding.UTF8.GetBytes(request.ExportName), isTheSameForAll: true);
            case InfoMode.Base64ExportName:
                return Decoded(request);
            case InfoMode.Address:
                return AddressOf(request);
            case InfoMode.Time:
                return InfoConnection.OfClock(() => DateTime.UtcNow - DateTime.UnixEpoch);
            case InfoMode.Uptime:
                return InfoConnection.OfClock(() => Stopwatch.GetElapsedTime(_start));
            case InfoMode.ConnTime:
                long opened = Stopwatch.GetTimestamp();
                return InfoConnection.OfClock(() => Stopwatch.GetElapsedTime(opened));
            default:
                return InfoConnection.OfText(Encoding.UTF8.GetBytes(NbdkitVersion.Text), isTheSameForAll: true);
        }
    }

    private static InfoConnection? Decoded(OpenRequest request)
    {
        byte[] bytes = new byte[request.ExportName.Length];   // Four letters stand for three bytes at most.
        if (Convert.TryFromBase64String(request.ExportName, bytes, out int length))
            return InfoConnection.OfText(bytes[..length], isTheSameForAll: true);
        request.Error = Log.Error(Errno.EINVAL, $"base64: the export name cannot be decoded: '{request.ExportName}'");
        return null;
    }

    private static InfoConnection? AddressOf(OpenRequest request)
    {
        if (request.Client.PeerName is { } name)
            return InfoConnection.OfText(Encoding.UTF8.GetBytes(name), isTheSameForAll: false);
        request.Error = Log.Error(Errno.EINVAL, $"the client's address is not known");
        return null;
    }
}
