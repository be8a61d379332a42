// A read whose end a test waits for. Not: the ring (ReadRing).

using System;
using NbdFast.Drivers;
using NbdFast.Native;

namespace NbdFast.Core.Tests.Drivers;

/// <summary>A read into memory of its own.</summary>
internal sealed class FakeRead(int length) : IDiskRead, IDisposable
{
    private readonly NativeBuffer _memory = new(length);

    /// <summary>What it came to, or null while it is under way.</summary>
    public int? Result { get; private set; }

    /// <summary>What was read.</summary>
    public byte[] Bytes => _memory.Span[..length].ToArray();

    /// <summary>Starts it.</summary>
    public void Start(ReadRing ring, int file, ulong offset) =>
        ring.Start(this, file, _memory.Address, length, offset);

    public void ReadEnded(int result)
    {
        Assert.Null(Result);
        Result = result;
    }

    public void Dispose() => _memory.Release();
}
