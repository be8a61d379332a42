// The answers of a co-process, out of the bytes that it writes. Not: reading these (CoprocessChild).

using System;
using System.Buffers.Text;

namespace NbdFast.Plugins.Scripts;

/// <summary>
/// Takes answers apart: a line "ID STATUS OUTPUT ERRORS", the last two being lengths in bytes, then so many bytes of
/// output and of errors. Bytes may come in any pieces.
/// </summary>
internal sealed class CoprocessReply
{
    // Four numbers of 20 digits, and what is between them.
    private const int LongestLine = 84;

    // More than the largest read, and than what is kept of anything else.
    private const int MostOutput = 128 << 20;

    private readonly byte[] _line = new byte[LongestLine];
    private int _lineBytes;
    private bool _hasLine;
    private int _filled;

    /// <summary>The number of the call.</summary>
    public ulong Id { get; private set; }

    /// <summary>The exit code of the method.</summary>
    public int Status { get; private set; }

    /// <summary>What it printed.</summary>
    public CoprocessBytes Output { get; private set; }

    /// <summary>What it printed as errors.</summary>
    public byte[] Errors { get; private set; } = [];

    /// <summary>The bytes do not have the form that they must have: there is no going on.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Takes bytes up to the end of an answer.</summary>
    /// <param name="bytes">What is left of them afterwards.</param>
    /// <returns>An answer is complete.</returns>
    public bool Take(ref ReadOnlySpan<byte> bytes)
    {
        if (!_hasLine && !TakeLine(ref bytes))
            return false;
        Span<byte> output = Output.Span;
        TakePart(output, 0, ref bytes);
        TakePart(Errors, output.Length, ref bytes);
        if (_filled < output.Length + Errors.Length)
            return false;
        _hasLine = false;
        _filled = 0;
        return true;
    }

    private void TakePart(Span<byte> part, int start, ref ReadOnlySpan<byte> bytes)
    {
        int position = _filled - start;
        if (position < 0 || position >= part.Length)
            return;
        int count = Math.Min(part.Length - position, bytes.Length);
        bytes[..count].CopyTo(part[position..]);
        bytes = bytes[count..];
        _filled += count;
    }

    private bool TakeLine(ref ReadOnlySpan<byte> bytes)
    {
        int end = bytes.IndexOf((byte)'\n');
        int count = end < 0 ? bytes.Length : end;
        if (count > LongestLine - _lineBytes)
        {
            IsBroken = true;
            return false;
        }

        bytes[..count].CopyTo(_line.AsSpan(_lineBytes));
        _lineBytes += count;
        bytes = bytes[(end < 0 ? count : count + 1)..];
        if (end < 0)
            return false;
        _hasLine = Parse(_line.AsSpan(0, _lineBytes));
        IsBroken = !_hasLine;
        _lineBytes = 0;
        return _hasLine;
    }

    private bool Parse(ReadOnlySpan<byte> line)
    {
        if (!TryNumber(ref line, ulong.MaxValue, out ulong id) || !TryNumber(ref line, byte.MaxValue, out ulong status)
            || !TryNumber(ref line, MostOutput, out ulong output)
            || !TryNumber(ref line, ScriptResult.MostComplaints, out ulong errors) || !line.IsEmpty)
            return false;
        Id = id;
        Status = (int)status;
        Errors = errors == 0 ? [] : new byte[errors];
        return TryMakeRoom((int)output);
    }

    private bool TryMakeRoom(int output)
    {
        try
        {
            Output = new CoprocessBytes(output);
            return true;
        }
        catch (InsufficientMemoryException)
        {
            return false;   // What it is about to write can go nowhere.
        }
    }

    private static bool TryNumber(ref ReadOnlySpan<byte> line, ulong most, out ulong number)
    {
        bool isNumber = Utf8Parser.TryParse(line, out number, out int length) && number <= most
            && (length == line.Length || line[length] == (byte)' ');
        line = isNumber ? line[Math.Min(length + 1, line.Length)..] : line;
        return isNumber;
    }
}
