// The channel of a session to its SFTP server, as a stream of bytes. Not: what the bytes mean (Sftp).

using System;
using System.Runtime.InteropServices;
using NbdFast.Plugins.Ssh.Sftp;

namespace NbdFast.Plugins.Ssh.Native;

/// <summary>An <c>ssh_channel</c> of a session that does not block. One thread at a time may use both.</summary>
internal sealed unsafe class SshChannel : ISftpStream
{
    private const short PollIn = 1;
    private const short PollOut = 4;

    private static readonly delegate* unmanaged<nint, nint> New = (delegate* unmanaged<nint, nint>)F("ssh_channel_new");
    private static readonly delegate* unmanaged<nint, int> OpenSession =
        (delegate* unmanaged<nint, int>)F("ssh_channel_open_session");
    private static readonly delegate* unmanaged<nint, byte*, int> RequestSubsystem =
        (delegate* unmanaged<nint, byte*, int>)F("ssh_channel_request_subsystem");
    private static readonly delegate* unmanaged<nint, void*, uint, int, int> ReadNow =
        (delegate* unmanaged<nint, void*, uint, int, int>)F("ssh_channel_read_nonblocking");
    private static readonly delegate* unmanaged<nint, void*, uint, int> Write =
        (delegate* unmanaged<nint, void*, uint, int>)F("ssh_channel_write");

    private readonly SshSession _session;
    private readonly nint _channel;
    private ulong _receivedBytes;

    /// <summary>Makes a channel, which ends with its session.</summary>
    /// <exception cref="InsufficientMemoryException">There is no memory.</exception>
    public SshChannel(SshSession session)
    {
        _session = session;
        _channel = New(session.Address);
        if (_channel == 0)
            throw new InsufficientMemoryException("ssh_channel_new failed");
    }

    /// <inheritdoc/>
    public string Failure => _session.ErrorText is { Length: > 0 } text ? text : "the server closed the connection";

    /// <inheritdoc/>
    public bool HasUnsent => _session.HasUnsent;

    /// <inheritdoc/>
    public bool HasArrived
    {
        [HotPath]
        get
        {
            ulong before = _receivedBytes;
            _receivedBytes = _session.ReceivedBytes;
            return _receivedBytes != before;
        }
    }

    /// <summary>Opens the channel.</summary>
    /// <returns><see cref="LibSsh.Again"/> to be called again after <see cref="Wait"/>.</returns>
    public int Open() => OpenSession(_channel);

    /// <summary>Has the server start a subsystem in it.</summary>
    /// <returns><see cref="LibSsh.Again"/> to be called again after <see cref="Wait"/>.</returns>
    public int Request(string subsystem)
    {
        fixed (byte* name = LibSsh.Terminated(subsystem))
            return RequestSubsystem(_channel, name);
    }

    /// <inheritdoc/>
    [HotPath]
    public int Receive(Span<byte> room)
    {
        fixed (byte* start = room)
        {
            int count = ReadNow(_channel, start, (uint)room.Length, 0);
            return count >= 0 || count == LibSsh.Again ? Math.Max(count, 0) : ISftpStream.Ended;
        }
    }

    /// <inheritdoc/>
    [HotPath]
    public int Send(ReadOnlySpan<byte> data)
    {
        fixed (byte* start = data)
        {
            int count = Write(_channel, start, (uint)data.Length);
            return count >= 0 || count == LibSsh.Again ? Math.Max(count, 0) : ISftpStream.Ended;
        }
    }

    /// <inheritdoc/>
    [HotPath]
    public bool Wait(bool forSending, int wake, int timeoutMs, out bool isWoken)
    {
        PollEntry* entries = stackalloc PollEntry[2];
        entries[0] = new PollEntry { Descriptor = _session.Descriptor, Events = PollIn };
        if (forSending)
            entries[0].Events |= PollOut;
        entries[1] = new PollEntry { Descriptor = wake, Events = PollIn };
        int count = poll(entries, 2, timeoutMs);
        isWoken = count > 0 && entries[1].Returned != 0;
        return count != 0;
    }

    private static nint F(string name) => LibSsh.Function(name);

#pragma warning disable CS0649 // The kernel writes it.
    private struct PollEntry
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }
#pragma warning restore CS0649

    [DllImport("libc")]
    private static extern int poll(PollEntry* entries, nuint count, int timeout);
}
