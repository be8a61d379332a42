// A compressed disk allocates nothing of the collector's, whatever lies in it. Not: the other stores, through which
// NativeServingTests sends a million requests.

using System;
using NbdFast.Storage;
using NbdFast.Testing;

namespace NbdFast.Allocations;

public sealed class ZstdStoreTests
{
    [Fact]
    public void Requests_to_a_compressed_disk_allocate_nothing()
    {
        Assert.Equal(Errno.Ok, ZstdStore.TryCreate(4 << 20, out ZstdStore? store));
        byte[] noise = new byte[100_000], buffer = new byte[100_000];
        new Seed(1).Random.NextBytes(noise);
        byte[] text = new byte[100_000];
        for (int i = 0; i < text.Length; i++)
            text[i] = (byte)(i % 100);
        using (store)
        {
            Use(store!, noise, text, buffer);   // Makes what it needs once.
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 50; i++)
                Use(store!, noise, text, buffer);
            Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        }
    }

    private static void Use(ZstdStore store, byte[] noise, byte[] text, byte[] buffer)
    {
        bool isFine = store.Write(noise, 5) == Errno.Ok
            && store.Write(text, 1 << 20) == Errno.Ok
            && store.Read(buffer, 5) == Errno.Ok
            && buffer.AsSpan().SequenceEqual(noise)
            && store.Read(buffer, 1 << 20) == Errno.Ok
            && buffer.AsSpan().SequenceEqual(text)
            && store.Zero(50_000, 10) == Errno.Ok
            && store.Zero(4 << 20, 0) == Errno.Ok;
        if (!isFine)
            Assert.Fail("a request failed");
    }
}
