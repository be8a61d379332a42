// Bytes that a script printed, up to a bound. Not: reading them (ScriptStreams), what they mean.

using System;

namespace NbdFast.Plugins.Scripts;

/// <summary>Keeps the first bytes that are added and counts the others.</summary>
internal sealed class BoundedBytes(int bound)
{
    private byte[] _bytes = [];
    private int _kept;

    /// <summary>How many bytes were added.</summary>
    public long Added { get; private set; }

    /// <summary>Not all that was added was kept.</summary>
    public bool IsCut => Added > _kept;

    /// <summary>What was kept.</summary>
    public ReadOnlySpan<byte> Kept => _bytes.AsSpan(0, _kept);

    /// <summary>Adds bytes.</summary>
    public void Add(ReadOnlySpan<byte> more)
    {
        Added += more.Length;
        if (more.Length > bound - _kept)
            more = more[..(bound - _kept)];
        if (more.Length > _bytes.Length - _kept)
            Array.Resize(ref _bytes, Math.Min(bound, Math.Max(_kept + more.Length, 2 * _bytes.Length)));
        more.CopyTo(_bytes.AsSpan(_kept));
        _kept += more.Length;
    }
}
