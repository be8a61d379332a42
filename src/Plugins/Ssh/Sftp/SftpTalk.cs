// The beginning of a talk with an SFTP server, up to an open file: one question after the other. Not: reading and
// writing (SftpLoop), connecting (SshLogin).

using System;
using System.Buffers.Binary;
using System.Diagnostics;

namespace NbdFast.Plugins.Ssh.Sftp;

/// <summary>Asks, and waits for the answers.</summary>
/// <param name="stream">To the server.</param>
/// <param name="timeout">How long an answer may take, or zero for as long as it does.</param>
internal sealed class SftpTalk(ISftpStream stream, TimeSpan timeout)
{
    /// <summary>The longest message that is taken, as OpenSSH has it: 256 KiB.</summary>
    public const int MostMessageBytes = 256 << 10;

    private const uint Version = 3;
    private const int StepMs = 500;
    private const int MostNameBytes = 64 << 10;
    private const int LengthBytes = sizeof(uint);
    private const uint OpenRead = 0x1, OpenWrite = 0x2, OpenCreate = 0x8, OpenTruncate = 0x10;

    private readonly byte[] _output = new byte[MostNameBytes + 1024];
    private byte[] _input = new byte[1024];
    private uint _id;

    /// <summary>What the server can do.</summary>
    public ServerAbilities Abilities { get; private set; } = new();

    /// <summary>Agrees on the version, and learns what the server can do.</summary>
    /// <exception cref="SftpException">It is no SFTP server.</exception>
    public void Begin()
    {
        MessageWriter init = new(_output, SftpKind.Init, Version);   // Here the version stands where else an id does.
        Send(init.End());
        ReadOnlySpan<byte> answer = Receive();
        if (answer is not [(byte)SftpKind.Version, ..])
            throw Broken("it does not tell its version");
        MessageReader message = new(answer[1..]);
        uint version = message.Number();
        if (version < Version)
            throw new SftpException(Errno.EIO, $"the SFTP server has version {version}, 3 is needed");
        Abilities = ServerAbilities.Read(ref message);
        if (message.IsBroken)
            throw Broken("its abilities are cut off");
        if (!Abilities.HasLimits)
            return;
        MessageWriter ask = new(_output, SftpKind.Extended, NextId());
        ask.Add(ServerAbilities.Limits);
        MessageReader limits = Ask(ask, SftpKind.ExtendedReply, "cannot ask for limits");
        Abilities.ReadLimits(ref limits);
    }

    /// <summary>Opens a file.</summary>
    /// <returns>Its handle.</returns>
    /// <exception cref="SftpException">It cannot be opened.</exception>
    public byte[] Open(string path, bool forWriting)
    {
        MessageWriter open = BeginOpen(path, forWriting ? OpenRead | OpenWrite : OpenRead);
        open.Add(0u);   // No attributes.
        return Handle(open, $"cannot open file for {(forWriting ? "writing" : "reading")}");
    }

    /// <summary>Makes a file of zeroes, or an existing one to one, and opens it for reading and writing.</summary>
    /// <returns>Its handle.</returns>
    /// <exception cref="SftpException">It cannot be made.</exception>
    public byte[] Create(string path, uint mode, ulong size)
    {
        MessageWriter open = BeginOpen(path, OpenRead | OpenWrite | OpenCreate | OpenTruncate);
        open.Add(RemoteAttributes.HasMode);
        open.Add(mode);
        byte[] handle = Handle(open, "cannot create file for writing");

        // The server's umask, and the mode of a file that was there, must not count.
        MessageWriter set = new(_output, SftpKind.SetAttributes, NextId());
        set.Add(handle);
        set.Add(RemoteAttributes.HasSize | RemoteAttributes.HasMode);
        set.Add(size);
        set.Add(mode);
        Ask(set, SftpKind.Status, "cannot set size and permissions of the new file");
        return handle;
    }

    /// <summary>Asks what an open file is.</summary>
    /// <exception cref="SftpException">The server does not tell.</exception>
    public RemoteAttributes Attributes(byte[] handle)
    {
        MessageWriter ask = new(_output, SftpKind.GetAttributes, NextId());
        ask.Add(handle);
        MessageReader answer = Ask(ask, SftpKind.Attributes, "cannot get the size of the file");
        RemoteAttributes attributes = RemoteAttributes.Read(ref answer);
        return answer.IsBroken ? throw Broken("attributes are cut off") : attributes;
    }

    /// <summary>Whether there is a byte at a place.</summary>
    /// <exception cref="SftpException">It cannot be read.</exception>
    public bool HasByte(byte[] handle, ulong offset)
    {
        MessageWriter read = new(_output, SftpKind.Read, NextId());
        read.Add(handle);
        read.Add(offset);
        read.Add(1u);
        SftpStatus status = Exchange(read, out MessageReader answer, out SftpKind kind);
        // Behind the end of a device one cannot even seek: EINVAL, which OpenSSH's server tells as a bad message.
        if (kind == SftpKind.Status && status is SftpStatus.EndOfFile or SftpStatus.BadMessage)
            return false;
        if (kind != SftpKind.Data || answer.Bytes().Length != 1)
            throw Refusal("cannot find the size of the device", kind, status);
        return true;
    }

    private MessageWriter BeginOpen(string path, uint flags)
    {
        if (System.Text.Encoding.UTF8.GetByteCount(path) > MostNameBytes)
            throw new SftpException(Errno.EINVAL, "the path is too long");
        MessageWriter open = new(_output, SftpKind.Open, NextId());
        open.Add(path);
        open.Add(flags);
        return open;
    }

    private byte[] Handle(MessageWriter open, string what)
    {
        MessageReader answer = Ask(open, SftpKind.Handle, what);
        byte[] handle = answer.Bytes().ToArray();
        return answer.IsBroken || handle.Length is 0 or > SftpLoop.MostHandleBytes
            ? throw Broken("a handle has no proper length")
            : handle;
    }

    // The fields of the answer, which must be of a kind; a status must be Ok.
    private MessageReader Ask(MessageWriter question, SftpKind expected, string what)
    {
        SftpStatus status = Exchange(question, out MessageReader answer, out SftpKind kind);
        return kind == expected && (kind != SftpKind.Status || status == SftpStatus.Ok)
            ? answer
            : throw Refusal(what, kind, status);
    }

    private SftpStatus Exchange(MessageWriter question, out MessageReader answer, out SftpKind kind)
    {
        Send(question.End());
        ReadOnlySpan<byte> message = Receive();
        if (message.IsEmpty)
            throw Broken("an answer is empty");
        kind = (SftpKind)message[0];
        answer = new MessageReader(message[1..]);
        if (answer.Number() != _id || answer.IsBroken)
            throw Broken("an answer has no question");
        if (kind != SftpKind.Status)
            return SftpStatus.Ok;
        SftpStatus status = (SftpStatus)answer.Number();
        return answer.IsBroken ? throw Broken("a status is cut off") : status;
    }

    private void Send(int count)
    {
        Stopwatch waited = Stopwatch.StartNew();
        for (ReadOnlySpan<byte> rest = _output.AsSpan(0, count); rest.Length > 0;)
        {
            int sent = stream.Send(rest);
            if (sent == ISftpStream.Ended)
                throw Lost();
            rest = rest[sent..];
            if (sent == 0)
                Wait(waited);
        }
    }

    // A whole message, without its length.
    private ReadOnlySpan<byte> Receive()
    {
        Fill(LengthBytes);
        uint length = BinaryPrimitives.ReadUInt32BigEndian(_input);
        if (length > MostMessageBytes)
            throw Broken($"a message has {length} bytes");
        if (_input.Length < length)
            _input = new byte[length];
        Fill((int)length);
        return _input.AsSpan(0, (int)length);
    }

    private void Fill(int count)
    {
        Stopwatch waited = Stopwatch.StartNew();
        for (Span<byte> room = _input.AsSpan(0, count); room.Length > 0;)
        {
            int received = stream.Receive(room);
            if (received == ISftpStream.Ended)
                throw Lost();
            room = room[received..];
            if (received == 0)
                Wait(waited);
        }
    }

    // In steps, for the server may be asked to end meanwhile.
    private void Wait(Stopwatch waited)
    {
        if (ServerControl.IsShuttingDown)
            throw new SftpException(Errno.ESHUTDOWN, "the server is ending");
        if (timeout > TimeSpan.Zero && waited.Elapsed > timeout)
            throw new SftpException(Errno.ETIMEDOUT, "the SFTP server does not answer in time");
        stream.Wait(stream.HasUnsent, wake: -1, StepMs, out _);
    }

    private uint NextId() => ++_id;

    private static SftpException Refusal(string what, SftpKind kind, SftpStatus status) =>
        kind == SftpKind.Status && status != SftpStatus.Ok
            ? new SftpException(status.Errno(), $"{what}: SFTP server: {status.Text()}")
            : Broken($"an answer is of kind {(byte)kind}");

    private static SftpException Broken(string how) =>
        new(Errno.EIO, $"the SFTP server breaks the protocol: {how}");

    private SftpException Lost() => new(Errno.EIO, $"the connection to the SFTP server is lost: {stream.Failure}");
}
