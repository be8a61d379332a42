// What an easy handle tells its owner while libcurl works. Not: how it is told (EasyHandle).

using System;

namespace NbdFast.Plugins.Curl.Native;

/// <summary>Called on the thread that drives the transfer. Nothing here may throw, for the caller is C.</summary>
internal interface ITransferEvents
{
    /// <summary>A line of a response's head, with its end of line; or what a protocol that is not HTTP says
    /// instead.</summary>
    void TakeHeader(ReadOnlySpan<byte> line);

    /// <summary>Bytes of the body.</summary>
    /// <returns>False: break the transfer off.</returns>
    bool TakeBody(ReadOnlySpan<byte> data);

    /// <summary>Fills in the next bytes to send.</summary>
    /// <returns>How many; 0 at the end.</returns>
    int GiveBody(Span<byte> room);

    /// <summary>libcurl tells what it does.</summary>
    /// <param name="kind">A <c>curl_infotype</c>.</param>
    /// <param name="text">As it is, with or without an end of line.</param>
    void TakeTrace(int kind, ReadOnlySpan<byte> text);
}
