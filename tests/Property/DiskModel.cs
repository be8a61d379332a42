// What a part of a disk must read as after what was done to it. Not: the disk.

using System;

namespace NbdFast.Property;

/// <summary>An array that goes through the same operations as a disk. Bytes that were trimmed may read as before or as
/// zero, until they are written again.</summary>
internal sealed class DiskModel
{
    private readonly ulong _start;
    private readonly byte[] _bytes;
    private readonly bool[] _trimmed;

    /// <summary>A part of a disk with its present content.</summary>
    public DiskModel(ulong start, byte[] content)
    {
        _start = start;
        _bytes = (byte[])content.Clone();
        _trimmed = new bool[content.Length];
    }

    /// <summary>The position of the first byte of the part.</summary>
    public ulong Start => _start;

    /// <summary>Bytes in the part.</summary>
    public int Length => _bytes.Length;

    /// <summary>Data was written.</summary>
    public void Write(ReadOnlySpan<byte> data, ulong offset)
    {
        data.CopyTo(_bytes.AsSpan(Index(offset), data.Length));
        _trimmed.AsSpan(Index(offset), data.Length).Clear();
    }

    /// <summary>A range was zeroed.</summary>
    public void Zero(int count, ulong offset)
    {
        _bytes.AsSpan(Index(offset), count).Clear();
        _trimmed.AsSpan(Index(offset), count).Clear();
    }

    /// <summary>A range was trimmed.</summary>
    public void Trim(int count, ulong offset) => _trimmed.AsSpan(Index(offset), count).Fill(true);

    /// <summary>Compares data with what may be read.</summary>
    /// <returns>What is wrong, or null.</returns>
    public string? Mismatch(ReadOnlySpan<byte> data, ulong offset)
    {
        int index = Index(offset);
        for (int i = 0; i < data.Length; i++)
            if (data[i] != _bytes[index + i] && !(data[i] == 0 && _trimmed[index + i]))
                return $"byte {offset + (ulong)i} is {data[i]:x2} and not {_bytes[index + i]:x2}";
        return null;
    }

    /// <summary>Finds a byte of a range that cannot read as zero.</summary>
    /// <returns>What is wrong, or null.</returns>
    public string? NotZero(int count, ulong offset)
    {
        int index = Index(offset);
        for (int i = index; i < index + count; i++)
            if (_bytes[i] != 0 && !_trimmed[i])
                return $"byte {_start + (ulong)i} is {_bytes[i]:x2} and not zero";
        return null;
    }

    private int Index(ulong offset) => (int)(offset - _start);
}
