// A list of memory runs for one gathering send. Not: who owns the memory (Transport/SendBatch).

using System;
using System.Runtime.InteropServices;

namespace NbdFast.Native;

/// <summary>An array of <c>struct iovec</c> outside of the GC heap, with a cursor for short sends.</summary>
public sealed unsafe class GatherList : IDisposable
{
    /// <summary>The most runs that one call takes (IOV_MAX).</summary>
    public const int MaximumCount = 1024;

    private readonly int _capacity;
    private Run* _runs;
    private int _first;
    private int _end;

    /// <summary>Makes an empty list.</summary>
    public GatherList() : this(MaximumCount)
    {
    }

    /// <summary>Makes an empty list that never holds more than so many runs.</summary>
    internal GatherList(int capacity)
    {
        _capacity = capacity;
        _runs = (Run*)NativeMemory.Alloc((nuint)capacity, (nuint)sizeof(Run));
    }

    /// <summary>Runs that are not sent yet.</summary>
    public int Count => _end - _first;

    /// <summary>Room for further runs.</summary>
    public int Room => _capacity - _end;

    /// <summary>Bytes that are not sent yet.</summary>
    public long Bytes { get; private set; }

    /// <summary>The runs, for the calls in this folder.</summary>
    internal void* Start => _runs + _first;

    /// <summary>Appends a run; one that follows the last in memory makes that longer.</summary>
    public void Add(nint address, int length)
    {
        Bytes += length;
        if (_end > _first && (nint)_runs[_end - 1].Address + (nint)_runs[_end - 1].Length == address)
        {
            _runs[_end - 1].Length += (nuint)length;
            return;
        }

        if (_end == _capacity)
            throw new InvalidOperationException("the gather list is full");
        _runs[_end++] = new Run { Address = (byte*)address, Length = (nuint)length };
    }

    /// <summary>Takes off what was sent.</summary>
    public void Advance(long sent)
    {
        Bytes -= sent;
        while (sent > 0)
        {
            Run* run = _runs + _first;
            if ((long)run->Length > sent)
            {
                run->Address += sent;
                run->Length -= (nuint)sent;
                return;
            }

            sent -= (long)run->Length;
            _first++;
        }
    }

    /// <summary>Empties the list.</summary>
    public void Clear()
    {
        _first = _end = 0;
        Bytes = 0;
    }

    /// <summary>A run that is not sent yet.</summary>
    /// <param name="index">From 0 to <see cref="Count"/>.</param>
    /// <param name="length">Its bytes.</param>
    /// <returns>Its address.</returns>
    [HotPath]
    internal nint RunAt(int index, out long length)
    {
        Run* run = _runs + _first + index;
        length = (long)run->Length;
        return (nint)run->Address;
    }

    /// <summary>Copies what is not sent yet, for wires that cannot gather.</summary>
    /// <returns>Bytes copied: all there is, or as much as fits.</returns>
    public int CopyTo(Span<byte> target)
    {
        int copied = 0;
        for (Run* run = _runs + _first; run < _runs + _end && copied < target.Length; run++)
        {
            int length = (int)Math.Min((nuint)(target.Length - copied), run->Length);
            new ReadOnlySpan<byte>(run->Address, length).CopyTo(target[copied..]);
            copied += length;
        }

        return copied;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        NativeMemory.Free(_runs);
        _runs = null;
        Clear();
    }

    private struct Run
    {
        public byte* Address;
        public nuint Length;
    }
}
