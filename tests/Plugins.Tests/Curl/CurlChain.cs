// The curl plugin over a scripted server, for tests. Not: the server (WebServer).

using System;
using System.Collections.Generic;
using NbdFast.Plugins.Curl;
using NbdFast.Testing;

namespace NbdFast.Plugins.Tests;

/// <summary>Starts of the plugin.</summary>
internal static class CurlChain
{
    /// <summary>Opens a URL.</summary>
    public static ChainHarness Open(string url, params IReadOnlyList<(string Key, string Value)> parameters) =>
        ChainHarness.Open(new CurlPlugin(), [("url", url), .. parameters]);

    /// <summary>Opens a URL that cannot be opened.</summary>
    /// <returns>What the user is told.</returns>
    public static string Refused(string url, params IReadOnlyList<(string Key, string Value)> parameters) =>
        Assert.Throws<InvalidOperationException>(() => Open(url, parameters).Dispose()).Message;

    /// <summary>Reads where the server does something wrong: an EIO, and memory beside the request stays as it
    /// is.</summary>
    /// <returns>What the user is told.</returns>
    public static string FailedRead(ChainHarness chain, ulong offset, int count)
    {
        const byte Untouched = 0xa5;
        const int Margin = 64 << 10;
        byte[] memory = new byte[count + (2 * Margin)];
        Array.Fill(memory, Untouched);
        Log.ForgetLastError();
        Assert.Equal(Errno.EIO, chain.Next.Read(memory.AsSpan(Margin, count), offset));
        Assert.Equal(-1, memory.AsSpan(0, Margin).IndexOfAnyExcept(Untouched));
        Assert.Equal(-1, memory.AsSpan(Margin + count).IndexOfAnyExcept(Untouched));
        return Log.TakeLastError() ?? "";
    }

    /// <summary>Noise that is the same each time.</summary>
    public static byte[] Noise(int bytes)
    {
        byte[] noise = new byte[bytes];
        new Random(bytes).NextBytes(noise);
        return noise;
    }
}
