// An SFTP server in memory that can be told to do wrong. Not: SSH, a real one (Testing/SshServer).

using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Threading;
using NbdFast.Native;
using NbdFast.Plugins.Ssh.Sftp;

namespace NbdFast.Plugins.Tests;

/// <summary>Answers what is sent at once, from <see cref="Content"/>.</summary>
internal sealed class FakeSftp(byte[] content) : ISftpStream, IDisposable
{
    /// <summary>What a request is answered with: a message without its length, or null for nothing at all.</summary>
    public delegate byte[]? Answer(SftpKind kind, byte[] request);

    private const string FileHandle = "h";
    private readonly List<byte> _unread = [];
    private readonly Queue<byte> _answers = new();

    /// <summary>The file.</summary>
    public byte[] Content { get; } = content;

    /// <summary>The most bytes that one call receives.</summary>
    public int MostReceived { get; init; } = int.MaxValue;

    /// <summary>The most bytes that one call sends; and in between one that sends none.</summary>
    public int MostSent { get; init; } = int.MaxValue;

    /// <summary>The most bytes that a read is answered with.</summary>
    public int MostData { get; init; } = int.MaxValue;

    /// <summary>Answers instead, where it has an answer other than <see cref="Right"/>'s.</summary>
    public Answer? Wrong { get; init; }

    /// <summary>The kinds of the requests so far.</summary>
    public List<SftpKind> Requests { get; } = [];

    /// <summary>Nothing more comes, once what is there is taken.</summary>
    public bool IsCut { get; set; }

    /// <summary>The session was disposed of.</summary>
    public bool IsDisposed { get; private set; }

    public string Failure => "cut";

    public bool HasUnsent => false;

    public bool HasArrived
    {
        get
        {
            bool hasArrived = _hasLeave || IsCut || _answers.Count > 0;
            _hasLeave = false;
            return hasArrived;
        }
    }

    public int Receive(Span<byte> room)
    {
        if (_answers.Count == 0)
            return IsCut ? ISftpStream.Ended : 0;
        int count = Math.Min(Math.Min(room.Length, MostReceived), _answers.Count);
        for (int i = 0; i < count; i++)
            room[i] = _answers.Dequeue();
        return count;
    }

    private bool _isBusy;
    private bool _hasLeave;

    public int Send(ReadOnlySpan<byte> data)
    {
        if (IsCut)
            return ISftpStream.Ended;
        if (data.Length > MostSent && (_isBusy = !_isBusy))
        {
            _hasLeave = true;
            return 0;
        }

        int count = Math.Min(data.Length, MostSent);
        _unread.AddRange(data[..count]);
        while (_unread.Count >= 4)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian([.. _unread.Take(4)]);
            if (_unread.Count < 4 + length)
                break;
            byte[] request = [.. _unread.Skip(4).Take(length)];
            _unread.RemoveRange(0, 4 + length);
            Take(request);
        }

        return count;
    }

    public bool Wait(bool forSending, int wake, int timeoutMs, out bool isWoken)
    {
        Span<bool> ready = [false];
        if (wake >= 0)
            Libc.PollForReading([wake], ready, timeoutMs);
        else
            Thread.Sleep(1);
        isWoken = ready[0];
        return isWoken;
    }

    public void Dispose() => IsDisposed = true;

    /// <summary>A message without its length.</summary>
    public static byte[] Message(SftpKind kind, uint id, params ReadOnlySpan<byte> rest)
    {
        byte[] message = new byte[5 + rest.Length];
        message[0] = (byte)kind;
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(1), id);
        rest.CopyTo(message.AsSpan(5));
        return message;
    }

    /// <summary>A status with a text.</summary>
    public static byte[] Status(uint id, SftpStatus status) =>
        Message(SftpKind.Status, id, [.. Number((uint)status), .. String("words"), .. String("en")]);

    public static byte[] Number(uint value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }

    public static byte[] String(string text) => String(Encoding.UTF8.GetBytes(text));

    public static byte[] String(ReadOnlySpan<byte> text) => [.. Number((uint)text.Length), .. text];

    /// <summary>The number of a request.</summary>
    public static uint IdOf(byte[] request) => BinaryPrimitives.ReadUInt32BigEndian(request.AsSpan(1));

    /// <summary>The right answer.</summary>
    public byte[] Right(SftpKind kind, byte[] request)
    {
        uint id = IdOf(request);
        MessageReader fields = new(request.AsSpan(5));
        switch (kind)
        {
            case SftpKind.Init:
                return Message(SftpKind.Version, 3, [.. String("fsync@openssh.com"), .. String("1")]);
            case SftpKind.Open:
                return Message(SftpKind.Handle, id, String(FileHandle));
            case SftpKind.GetAttributes:
                return Message(SftpKind.Attributes, id, [.. Number(1), .. Number(0), .. Number((uint)Content.Length)]);
            case SftpKind.Read:
                fields.Bytes();
                int from = (int)Math.Min(fields.LongNumber(), (ulong)Content.Length);
                int count = Math.Min(Math.Min((int)fields.Number(), Content.Length - from), MostData);
                return count == 0
                    ? Status(id, SftpStatus.EndOfFile)
                    : Message(SftpKind.Data, id, String(Content.AsSpan(from, count)));
            case SftpKind.Write:
                fields.Bytes();
                int to = (int)fields.LongNumber();
                fields.Bytes().CopyTo(Content.AsSpan(to));
                return Status(id, SftpStatus.Ok);
            default:
                return Status(id, SftpStatus.Ok);
        }
    }

    private void Take(byte[] request)
    {
        SftpKind kind = (SftpKind)request[0];
        Requests.Add(kind);
        byte[]? answer = Wrong == null ? Right(kind, request) : Wrong(kind, request);
        if (answer == null)
            return;
        foreach (byte value in Number((uint)answer.Length))
            _answers.Enqueue(value);
        foreach (byte value in answer)
            _answers.Enqueue(value);
    }
}
