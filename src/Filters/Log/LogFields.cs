// The fields of a request's entry, written into a buffer on the stack. Not: lists and texts (LogText).

using System;

namespace NbdFast.Filters;

/// <summary>Writes <c>name=value</c> pairs in UTF-8, separated by spaces.</summary>
/// <param name="buffer">Room for them; <see cref="EnoughBytes"/> do for any request.</param>
[HotPath]
internal ref struct LogFields(Span<byte> buffer)
{
    /// <summary>More than the longest fields of a request: two numbers of 16 digits, three flags, their
    /// names.</summary>
    public const int EnoughBytes = 128;

    private readonly Span<byte> _buffer = buffer;
    private int _length;

    /// <summary>What was written.</summary>
    public readonly ReadOnlySpan<byte> Written => _buffer[.._length];

    /// <summary>Adds a hexadecimal number, as <c>offset=0x200</c>.</summary>
    public void AddHex(ReadOnlySpan<byte> name, ulong value)
    {
        AddName(name);
        Append("0x"u8);
        AppendNumber(value, "x");
    }

    /// <summary>Adds a decimal number.</summary>
    public void Add(ReadOnlySpan<byte> name, ulong value)
    {
        AddName(name);
        AppendNumber(value, default);
    }

    /// <summary>Adds 1 if the flag is set, else 0.</summary>
    public void AddFlag(ReadOnlySpan<byte> name, RequestFlags flags, RequestFlags flag) =>
        Add(name, (flags & flag) != 0 ? 1UL : 0);

    private void AddName(ReadOnlySpan<byte> name)
    {
        if (_length > 0)
            Append(" "u8);
        Append(name);
        Append("="u8);
    }

    private void Append(ReadOnlySpan<byte> text)
    {
        text.CopyTo(_buffer[_length..]);
        _length += text.Length;
    }

    private void AppendNumber(ulong value, ReadOnlySpan<char> format)
    {
        bool fits = value.TryFormat(_buffer[_length..], out int written, format);
        System.Diagnostics.Debug.Assert(fits, "the buffer has room for any request");
        _length += written;
    }
}
