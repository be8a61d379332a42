// Replies that one gathering send takes, with what must live until it is done. Not: who sends when (SendQueue).

using System;
using NbdFast.Buffers;
using NbdFast.Native;

namespace NbdFast.Transport;

/// <summary>A gather list, the room for headers that its runs point into, and the request buffers to give back. At its
/// end may stand a part of a file.</summary>
internal sealed class SendBatch : IDisposable
{
    /// <summary>Bytes after which a batch is sent: between 64 KiB and 4 MiB it made no difference.</summary>
    public const int TargetBytes = 512 << 10;

    /// <summary>Bytes for headers and other small things.</summary>
    public const int ArenaBytes = 32 << 10;

    private readonly NativeBuffer _arena = new(ArenaBytes);
    private readonly RequestBuffer?[] _buffers = new RequestBuffer?[GatherList.MaximumCount];
    private int _arenaUsed;
    private int _bufferCount;

    public GatherList Runs { get; } = new();

    /// <summary>Makes the memory for headers present.</summary>
    public void Populate() => _arena.Populate();

    /// <summary>What of a file follows the runs, of <see cref="LoanKind.File"/>; or nothing.</summary>
    public Loan File { get; private set; }

    public bool IsEmpty => Runs.Count == 0 && _bufferCount == 0 && File.Length == 0;

    /// <summary>The next batch in a pool.</summary>
    internal SendBatch? Next { get; set; }

    [HotPath]
    public bool HasRoom(int runs, int arenaBytes) => Runs.Bytes < TargetBytes && HasPlace(runs, arenaBytes);

    /// <summary>As <see cref="HasRoom"/>, but there may be more bytes than are best sent at once.</summary>
    [HotPath]
    public bool HasPlace(int runs, int arenaBytes) =>
        Runs.Room >= runs && ArenaBytes - _arenaUsed >= arenaBytes && _bufferCount < _buffers.Length
        && File.Length == 0;

    /// <summary>Appends bytes that the caller fills in at once.</summary>
    [HotPath]
    public Span<byte> Append(int length)
    {
        Span<byte> target = _arena.Span.Slice(_arenaUsed, length);
        Runs.Add(_arena.Address + _arenaUsed, length);
        _arenaUsed += length;
        return target;
    }

    /// <summary>Appends a part of a file; nothing can follow it.</summary>
    [HotPath]
    public void Append(Loan file) => File = file;

    /// <summary>Takes off what was sent of the file.</summary>
    [HotPath]
    public void AdvanceFile(long sent) =>
        File = Loan.OfFile(File.Descriptor, File.FileOffset + (ulong)sent, File.Length - (uint)sent);

    /// <summary>The file is shorter than it was: its rest is zeroes.</summary>
    public void ReplaceFileByZeroes()
    {
        Runs.Clear();   // All of it is sent; its entries are used up.
        ZeroRun.AddTo(Runs, (int)File.Length);
        File = Loan.None;
    }

    /// <summary>Gives the buffer back when the batch is sent.</summary>
    [HotPath]
    public void Own(RequestBuffer buffer) => _buffers[_bufferCount++] = buffer;

    /// <summary>Empties the batch, giving its buffers back.</summary>
    [HotPath]
    public void Clear(BufferLender lender)
    {
        for (int i = 0; i < _bufferCount; i++)
        {
            lender.Return(_buffers[i]!);
            _buffers[i] = null;
        }

        _bufferCount = 0;
        _arenaUsed = 0;
        File = Loan.None;
        Runs.Clear();
    }

    public void Dispose()
    {
        Runs.Dispose();
        _arena.Release();
    }
}
