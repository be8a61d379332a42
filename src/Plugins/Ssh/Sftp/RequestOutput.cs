// Makes messages of requests, and sends as many as go at once. Not: answers (ReplyInput), when (SftpLoop).

using System;
using NbdFast.Native;

namespace NbdFast.Plugins.Ssh.Sftp;

/// <summary>Messages side by side. One thread at a time may use it.</summary>
internal sealed class RequestOutput : IDisposable
{
    // A read carries its data in one direction, a write in the other; while one piece is on its way the server works on
    // another, so they are no larger than they need be.
    private const int MostPieceBytes = 64 << 10;
    private const int BufferBytes = 512 << 10;
    private const int MostHeadBytes = 64 + SftpLoop.MostHandleBytes;

    private readonly ISftpStream _stream;
    private readonly PieceTable _table;
    private readonly byte[] _handle;
    private readonly int _readBytes;
    private readonly int _writeBytes;
    private readonly NativeBuffer _buffer = new(BufferBytes);
    private FileRequest? _first;
    private FileRequest? _last;
    private Piece? _again;
    private int _start;
    private int _end;

    /// <summary>For an open file.</summary>
    public RequestOutput(ISftpStream stream, PieceTable table, byte[] handle, ServerAbilities abilities)
    {
        _stream = stream;
        _table = table;
        _handle = handle;
        _readBytes = (int)Math.Min(abilities.ReadBytes, MostPieceBytes);
        _writeBytes = (int)Math.Min(abilities.WriteBytes, MostPieceBytes);
    }

    /// <summary>Requests that are not handed out wait.</summary>
    public bool HasWaiting => _first != null;

    /// <summary>Messages are left to be sent.</summary>
    public bool HasUnsent => _start != _end;

    /// <summary>Puts a request behind the others.</summary>
    [HotPath]
    public void Add(FileRequest request)
    {
        if (_last == null)
            _first = request;
        else
            _last.Next = request;
        _last = request;
    }

    /// <summary>Asks for the rest of a read.</summary>
    [HotPath]
    public void Again(Piece piece)
    {
        piece.Next = _again;
        _again = piece;
    }

    /// <summary>Takes out a request of which nothing more is to be sent.</summary>
    /// <remarks>Only the first can have been begun, and only what was begun can fail by itself.</remarks>
    public void Drop(FileRequest request)
    {
        if (ReferenceEquals(_first, request))
            TakeFirst();
    }

    /// <summary>Takes out the first request.</summary>
    /// <returns>Null if there is none.</returns>
    [HotPath]
    public FileRequest? TakeFirst()
    {
        FileRequest? request = _first;
        if (request == null)
            return null;
        _first = request.Next;
        if (_first == null)
            _last = null;
        request.Next = null;
        return request;
    }

    /// <summary>Sends what can be sent without waiting.</summary>
    /// <param name="hasMoved">Something was sent.</param>
    /// <returns>False if the connection has ended.</returns>
    [HotPath]
    public bool Send(out bool hasMoved)
    {
        hasMoved = false;
        while (true)
        {
            Fill();
            if (_start == _end)
                return true;
            int sent = _stream.Send(_buffer.Span[_start.._end]);
            if (sent <= 0)
                return sent == 0;
            hasMoved = true;
            _start += sent;
            if (_start == _end)
                _start = _end = 0;
        }
    }

    /// <summary>Gives its memory back.</summary>
    public void Dispose() => _buffer.Release();

    [HotPath]
    private void Fill()
    {
        while (_again != null && BufferBytes - _end >= MostHeadBytes)
        {
            Piece piece = _again;
            _again = piece.Next;
            piece.Next = null;
            Write(piece, FileRequestKind.Read);
        }

        while (_first is { } request && _table.HasRoom)
        {
            int length = request.NextLength(request.Kind == FileRequestKind.Read ? _readBytes : _writeBytes);
            int needed = MostHeadBytes + (request.Kind == FileRequestKind.Write ? length : 0);
            if (BufferBytes - _end < needed)
                return;
            Piece piece = _table.Rent(request);
            request.HandOut(piece, length);
            Write(piece, request.Kind);
            if (request.IsHandedOut)
                TakeFirst();
        }
    }

    [HotPath]
    private void Write(Piece piece, FileRequestKind kind)
    {
        SftpKind message = kind switch
        {
            FileRequestKind.Read => SftpKind.Read,
            FileRequestKind.Write => SftpKind.Write,
            _ => SftpKind.Extended,
        };
        MessageWriter writer = new(_buffer.Span[_end..], message, piece.Id);
        if (kind == FileRequestKind.Sync)
            writer.Add(ServerAbilities.SyncName);
        writer.Add(_handle);
        if (kind != FileRequestKind.Sync)
            writer.Add(piece.Offset);
        if (kind == FileRequestKind.Read)
            writer.Add((uint)piece.Length);
        else if (kind == FileRequestKind.Write)
            writer.Add(NativeBuffer.At(piece.Address, piece.Length));
        _end += writer.End();
    }
}
