// Takes answers of an SFTP server apart, which may be wrong, and puts data where it belongs. Not: what then becomes of
// the requests (SftpLoop).

using System;
using System.Buffers.Binary;
using NbdFast.Native;

namespace NbdFast.Plugins.Ssh.Sftp;

/// <summary>Receives what is there. The data of reads goes from the stream straight to its place, and never beyond
/// it. One thread at a time may use it.</summary>
internal sealed class ReplyInput(ISftpStream stream, SftpLoop loop)
{
    // Length, kind, id, and a status or the length of data: every answer to what is asked here has these.
    private const int HeadBytes = 13;
    private const int LengthBytes = sizeof(uint);
    private const int PartBytes = 4096;   // Of what is encrypted libssh receives so much at once.
    private const uint LeastLength = HeadBytes - LengthBytes;
    private const int KindPlace = 4;
    private const int IdPlace = 5;
    private const int WordPlace = 9;

    private readonly byte[] _head = new byte[HeadBytes];
    private readonly byte[] _scrap = new byte[1024];
    private Piece? _piece;
    private int _headCount;
    private int _dataCount;
    private int _dataLength;
    private uint _scrapLeft;

    /// <summary>Why nothing more is received.</summary>
    public string? Fault { get; private set; }

    /// <summary>Receives for a while.</summary>
    /// <param name="budget">How many bytes at least, if they are there.</param>
    /// <param name="hasMoved">Something was received.</param>
    /// <returns>False for <see cref="Fault"/>.</returns>
    [HotPath]
    public bool Receive(int budget, out bool hasMoved)
    {
        hasMoved = false;
        while (budget > 0)
        {
            int count = stream.Receive(Room());
            if (count == 0)
            {
                if (!stream.HasArrived)
                    return true;
                hasMoved = true;
                budget -= PartBytes;
                continue;
            }

            if (count < 0)
                return Lost();
            hasMoved = true;
            budget -= count;
            if (!Take(count))
                return false;
        }

        return true;
    }

    [HotPath]
    private Span<byte> Room()
    {
        if (_piece != null)
            return NativeBuffer.At(_piece.Address + _dataCount, _dataLength - _dataCount);
        if (_scrapLeft > 0)
            return _scrap.AsSpan(0, (int)Math.Min(_scrapLeft, (uint)_scrap.Length));
        return _head.AsSpan(_headCount);
    }

    [HotPath]
    private bool Take(int count)
    {
        if (_piece is { } piece)
        {
            _dataCount += count;
            if (_dataCount == _dataLength)
            {
                _piece = null;
                piece.Advance(_dataLength);
                loop.Arrived(piece);
            }

            return true;
        }

        if (_scrapLeft > 0)
        {
            _scrapLeft -= (uint)count;
            return true;
        }

        _headCount += count;
        if (_headCount == HeadBytes)
            return TakeHead();
        // Of a message that is too short the rest would never come.
        return _headCount < LengthBytes || Length >= LeastLength || BadLength();
    }

    private uint Length => BinaryPrimitives.ReadUInt32BigEndian(_head);

    [HotPath]
    private bool TakeHead()
    {
        _headCount = 0;
        uint length = Length;
        SftpKind kind = (SftpKind)_head[KindPlace];
        uint word = BinaryPrimitives.ReadUInt32BigEndian(_head.AsSpan(WordPlace));
        if (length is < LeastLength or > SftpTalk.MostMessageBytes)
            return BadLength();
        Piece? piece = loop.Find(BinaryPrimitives.ReadUInt32BigEndian(_head.AsSpan(IdPlace)));
        if (piece == null)
            return Broken("an answer has no question");
        uint rest = length - LeastLength;
        bool isRead = piece.Owner!.Kind == FileRequestKind.Read;
        if (kind == SftpKind.Status && !(isRead && word == (uint)SftpStatus.Ok))
        {
            _scrapLeft = rest;
            loop.Answered(piece, (SftpStatus)word);
            return true;
        }

        if (kind != SftpKind.Data || !isRead)
            return Broken("an answer is of the wrong kind");
        if (word == 0 || word != rest || word > (uint)piece.Length)
            return Broken("data has an impossible length");
        _piece = piece;
        _dataCount = 0;
        _dataLength = (int)word;
        return true;
    }

    private bool Lost()
    {
        Fault = $"the connection to the SFTP server is lost: {stream.Failure}";
        return false;
    }

    private bool BadLength() => Broken("a message has an impossible length");

    private bool Broken(string how)
    {
        Fault = $"the SFTP server breaks the protocol: {how}";
        return false;
    }
}
