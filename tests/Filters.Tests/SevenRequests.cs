// One request of each kind, again and again, to see what it allocates. Not: checks of data.

using System;
using NbdFast.Testing;

namespace NbdFast.Filters.Tests;

/// <summary>Sends requests over a chain with all that they need made beforehand.</summary>
internal sealed class SevenRequests(ChainHarness chain)
{
    private const int Rounds = 1000;
    private readonly byte[] _buffer = new byte[4096];
    private readonly ExtentList _extents = new(0, 4096);

    /// <summary>Opens a chain over a <see cref="LendingPlugin"/> of 1 MiB without the checks that tests otherwise have
    /// between layers: these allocate.</summary>
    public static ChainHarness Open(Filter filter, params (string Key, string Value)[] parameters)
    {
        var chain = ChainHarness.Start(new LendingPlugin(1 << 20), [filter], parameters);
        chain.Config.ChecksContract = false;
        Assert.Equal(Errno.Ok, chain.Connect(out _));
        return chain;
    }

    /// <summary>The bytes on the managed heap that a thousand rounds take.</summary>
    public long Allocate() => HeapUse.Of(Rounds, Send);

    // Errors are added up rather than asserted one by one: Assert itself allocates.
    private void Send()
    {
        _extents.Reset(512, 4096);
        int errors = (int)chain.Next.Read(_buffer, 512)
            | (int)chain.Next.Write(_buffer, 512, RequestFlags.None)
            | (int)chain.Next.Flush()
            | (int)chain.Next.Trim(4096, 512, RequestFlags.None)
            | (int)chain.Next.Zero(4096, 512, RequestFlags.MayTrim)
            | (int)chain.Next.Extents(4096, 512, RequestFlags.None, _extents)
            | (int)chain.Next.Cache(4096, 512);
        if (errors != 0)
            throw new InvalidOperationException("a request failed");
    }
}
