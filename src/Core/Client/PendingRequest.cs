// A request on its way to a server and back. Not: sending it (RequestSender), its replies (ReplyReader).

using System;
using System.Buffers;
using System.Threading.Tasks;
using System.Threading.Tasks.Sources;
using NbdFast.Native;
using NbdFast.Protocol;

namespace NbdFast.Client;

/// <summary>
/// Whoever asked waits for it as for a task; then it is used again. The cookie on the wire has the request's place in
/// the table and how often it was used, so that a reply to a request of the past is known for what it is.
/// </summary>
internal sealed class PendingRequest(RequestTable table, uint place) : IValueTaskSource<Errno>
{
    private const int PlaceBits = 32;

    private ManualResetValueTaskSourceCore<Errno> _core;
    private MemoryHandle _pin;
    private ReadOnlyMemory<byte> _memory;
    private uint _use;

    /// <summary>What the server's replies carry.</summary>
    public ulong Cookie => ((ulong)_use << PlaceBits) | place;

    /// <summary>What is asked for. Its cookie is set when it is sent.</summary>
    public RequestHeader Header;

    /// <summary>Where the data of a read goes, or that of a write is.</summary>
    public nint Address { get; private set; }

    /// <summary>What of a read has come.</summary>
    public Coverage Covered { get; } = new();

    /// <summary>Where extents go.</summary>
    public ExtentList? Extents { get; private set; }

    /// <summary>How many bytes the extents that came cover.</summary>
    public ulong ExtentBytes { get; set; }

    /// <summary>The first error that was told.</summary>
    public Errno Error { get; set; }

    /// <summary>What messages about it begin with.</summary>
    public string? LogContext { get; private set; }

    /// <summary>The server may answer. Changed under the table's lock.</summary>
    public bool IsUnderWay { get; set; }

    /// <summary>Its memory is still being sent from. Changed under the table's lock.</summary>
    public bool IsBeingSent { get; set; }

    /// <summary>The answer is there, and waits for the end of sending. Changed under the table's lock.</summary>
    public bool IsAnswered { get; set; }

    /// <summary>The next in the table's list of free ones.</summary>
    public PendingRequest? NextFree { get; set; }

    /// <summary>What the asker waits for.</summary>
    [HotPath]
    public ValueTask<Errno> Task => new(this, _core.Version);

    /// <summary>Gets ready for a request.</summary>
    [HotPath]
    public void Load(NbdCommand command, CommandFlags flags, ulong offset, ulong length)
    {
        Header.Command = command;
        Header.Flags = flags;
        Header.Offset = offset;
        Header.Length = length;
        Header.Cookie = Cookie;
        Error = Errno.Ok;
        ExtentBytes = 0;
        Extents = null;
        Address = 0;
        LogContext = Log.Context;
    }

    /// <summary>Adds memory, which does not move up to the end of the request.</summary>
    [HotPath]
    public void Use(ReadOnlyMemory<byte> memory)
    {
        _memory = memory;
        _pin = memory.Pin();
        Address = NativeBuffer.AddressOf(memory.Span);
        Covered.Reset(Header.Offset, Header.Length);
    }

    /// <summary>Fills a part of the memory of a read with zeroes, which is a hole at the server.</summary>
    [HotPath]
    public void MakeHole(int start, int length)
    {
        NativeBuffer.At(Address + start, length).Clear();
        ReadHoles.Mark(_memory, start, length);
    }

    /// <summary>Adds a list.</summary>
    [HotPath]
    public void Use(ExtentList extents) => Extents = extents;

    /// <summary>Tells the asker. Its work goes on on this thread.</summary>
    [HotPath]
    public void Complete(Errno errno)
    {
        _use++;
        _pin.Dispose();
        _pin = default;
        _memory = default;
        _core.SetResult(errno);
    }

    [HotPath]
    public Errno GetResult(short token)
    {
        Errno errno = _core.GetResult(token);
        _core.Reset();
        Extents = null;
        table.Return(this);
        return errno;
    }

    [HotPath]
    public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

    [HotPath]
    public void OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
