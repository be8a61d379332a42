// A client's read, write or flush under way. Not: its messages (Piece), who sends them (SftpLoop).

using System;
using System.Buffers;
using System.Threading.Tasks;
using System.Threading.Tasks.Sources;
using NbdFast.Native;

namespace NbdFast.Plugins.Ssh.Sftp;

/// <summary>
/// Whoever asked waits for it as for a task; then it is used again. It is handed out piece by piece, and has ended when
/// all pieces have, or one has failed and the others that were sent have ended.
/// </summary>
internal sealed class FileRequest(SftpLoop loop) : IValueTaskSource<Errno>
{
    private ManualResetValueTaskSourceCore<Errno> _core;
    private MemoryHandle _pin;
    private nint _address;
    private ulong _offset;
    private int _length;
    private int _handedOut;
    private int _open;
    private Errno _error;
    private string? _failure;

    /// <summary>What is asked.</summary>
    public FileRequestKind Kind { get; private set; }

    /// <summary>The next in a queue.</summary>
    public FileRequest? Next { get; set; }

    /// <summary>Nothing of it is left to be sent.</summary>
    public bool IsHandedOut { get; private set; }

    /// <summary>Nothing of it is under way or left.</summary>
    public bool HasEnded => IsHandedOut && _open == 0;

    /// <summary>What the asker waits for.</summary>
    [HotPath]
    public ValueTask<Errno> Task => new(this, _core.Version);

    /// <summary>Gets ready for a request.</summary>
    [HotPath]
    public void Load(FileRequestKind kind, ReadOnlyMemory<byte> memory, ulong offset)
    {
        Kind = kind;
        _pin = memory.Pin();
        _address = memory.IsEmpty ? 0 : NativeBuffer.AddressOf(memory.Span);
        _offset = offset;
        _length = memory.Length;
        _handedOut = 0;
        _open = 0;
        _error = Errno.Ok;
        _failure = null;
        IsHandedOut = false;
    }

    /// <summary>How long the next piece is.</summary>
    [HotPath]
    public int NextLength(int most) => Math.Min(most, _length - _handedOut);

    /// <summary>Makes something of it a piece.</summary>
    [HotPath]
    public void HandOut(Piece piece, int length)
    {
        piece.Address = _address + _handedOut;
        piece.Offset = _offset + (ulong)_handedOut;
        piece.Length = length;
        _handedOut += length;
        _open++;
        IsHandedOut = _handedOut == _length;
    }

    /// <summary>A piece has ended.</summary>
    [HotPath]
    public void PieceEnded() => _open--;

    /// <summary>It has failed: nothing more of it is sent.</summary>
    public void Fail(Errno error, string failure)
    {
        if (_error == Errno.Ok)
            (_error, _failure) = (error, failure);
        IsHandedOut = true;
    }

    /// <summary>Tells the asker, whose work goes on on this thread.</summary>
    [HotPath]
    public void Complete()
    {
        _pin.Dispose();
        _pin = default;
        _core.SetResult(_error);
    }

    /// <inheritdoc/>
    [HotPath]
    public Errno GetResult(short token)
    {
        Errno errno = _core.GetResult(token);
        if (errno != Errno.Ok)
            Tell();
        _core.Reset();
        loop.Return(this);
        return errno;
    }

    /// <inheritdoc/>
    [HotPath]
    public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

    /// <inheritdoc/>
    [HotPath]
    public void OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    private void Tell()
    {
        string operation = Kind switch
        {
            FileRequestKind.Read => "pread",
            FileRequestKind.Write => "pwrite",
            _ => "flush",
        };
        Log.Error($"{operation}: {_failure}");
    }
}
