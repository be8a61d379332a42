// Bytes that come one after another, and may never end. Not: where they come from (ScriptSource, FileSource).

using System;
using NbdFast.Native;

namespace NbdFast.Plugins.Data.Contents;

/// <summary>Reads no more than is asked for, keeps what was read, and so gives the same bytes whenever it is
/// asked.</summary>
/// <param name="shelf">Keeps what was read.</param>
/// <param name="fail">Makes an error that tells where in the expression the source stands.</param>
internal abstract class Source(Shelf shelf, Func<string, ConfigException> fail) : IDisposable
{
    /// <summary>More bytes are taken for endless if nobody says how many there should be.</summary>
    public const ulong EndlessBytes = 1UL << 30;

    private const uint ChunkBytes = 64 << 10;
    private const int NotOpen = -1;

    private readonly LayoutBuilder _read = new();
    private int _descriptor = NotOpen;
    private bool _isAtEnd;

    /// <summary>What it is called in messages.</summary>
    private protected abstract string Name { get; }

    /// <summary>The first bytes, or fewer if there are no more.</summary>
    /// <exception cref="ConfigException">They cannot be read, or kept.</exception>
    public Content Take(ulong length)
    {
        Read(length);
        Content read = _read.Build();
        return read.Slice(0, Math.Min(length, read.Length));
    }

    /// <summary>All bytes.</summary>
    /// <exception cref="ConfigException">They cannot be read, or do not end.</exception>
    public Content TakeAll()
    {
        Read(EndlessBytes + 1);
        return _read.Length <= EndlessBytes
            ? _read.Build()
            : throw Failed($"there is no end after {EndlessBytes} bytes: cut it to a length with [:LENGTH]");
    }

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>Opens it, when the first byte is needed.</summary>
    /// <returns>A descriptor to read from.</returns>
    private protected abstract int Open();

    /// <summary>All bytes have come.</summary>
    private protected virtual void Ended()
    {
    }

    private protected ConfigException Failed(string reason) => fail($"{Name}: {reason}");

    private protected ConfigException Failed(Errno errno) => Failed(errno.Text());

    private void Read(ulong length)
    {
        if (_isAtEnd || _read.Length >= length)
            return;
        byte[] chunk = new byte[Math.Min(ChunkBytes, length - _read.Length)];
        while (_read.Length < length && !_isAtEnd)
        {
            if (_descriptor == NotOpen)
                _descriptor = Open();
            Span<byte> rest = chunk.AsSpan(0, (int)Math.Min(ChunkBytes, length - _read.Length));
            _read.Add(_read.Length, shelf.Keep(rest[..Fill(rest)]));
            if (_isAtEnd)
                Ended();
        }
    }

    private int Fill(Span<byte> chunk)
    {
        int filled = 0;
        while (filled < chunk.Length && !_isAtEnd)
        {
            nint count = Libc.Read(_descriptor, chunk[filled..]);
            if (count == -(nint)Errno.EINTR)
                continue;
            if (count < 0)
                throw Failed((Errno)(-count));
            filled += (int)count;
            _isAtEnd = count == 0;
        }

        return filled;
    }
}
