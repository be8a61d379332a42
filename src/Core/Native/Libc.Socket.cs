// Sockets. Not: names of hosts (AddressResolver), the layout of addresses (SocketAddress).

using System;
using System.Runtime.InteropServices;

namespace NbdFast.Native;

public static unsafe partial class Libc
{
    private const int MsgNoSignal = 0x4000;
    private const int MsgDontWait = 0x40;
    private const int MsgMore = 0x8000;
    private const int SockCloexec = 0x80000;

    /// <summary>Address families.</summary>
    public const int AfUnix = 1;

    /// <summary>IPv4.</summary>
    public const int AfInet = 2;

    /// <summary>IPv6.</summary>
    public const int AfInet6 = 10;

    /// <summary>Virtual machines and their hosts.</summary>
    public const int AfVsock = 40;

    private const short PollIn = 1;
    private const short PollOut = 4;

    /// <summary>socket(2) of type SOCK_STREAM, closed on exec.</summary>
    /// <returns>The descriptor, or the negated errno.</returns>
    public static int Socket(int family) => (int)Result(socket(family, 1 | SockCloexec, 0));

    /// <summary>bind(2).</summary>
    public static Errno Bind(int descriptor, ReadOnlySpan<byte> address)
    {
        fixed (byte* start = address)
            return (Errno)(-Result(bind(descriptor, start, (uint)address.Length)));
    }

    /// <summary>listen(2).</summary>
    public static Errno Listen(int descriptor, int backlog) => (Errno)(-Result(listen(descriptor, backlog)));

    /// <summary>accept4(2), closed on exec.</summary>
    /// <param name="descriptor">The listening socket.</param>
    /// <param name="address">Receives the peer's address.</param>
    /// <param name="length">Its length in bytes.</param>
    /// <returns>The descriptor, or the negated errno.</returns>
    public static int Accept(int descriptor, Span<byte> address, out int length)
    {
        uint size = (uint)address.Length;
        nint accepted;
        fixed (byte* start = address)
            accepted = Result(accept4(descriptor, start, &size, SockCloexec));
        length = (int)Math.Min(size, (uint)address.Length);
        return (int)accepted;
    }

    /// <summary>getsockname(2).</summary>
    /// <returns>The address's length in bytes, or the negated errno.</returns>
    public static int GetSocketName(int descriptor, Span<byte> address)
    {
        uint size = (uint)address.Length;
        fixed (byte* start = address)
        {
            nint result = Result(getsockname(descriptor, start, &size));
            return result < 0 ? (int)result : (int)Math.Min(size, (uint)address.Length);
        }
    }

    /// <summary>getpeername(2).</summary>
    /// <returns>The address's length in bytes, or the negated errno.</returns>
    public static int GetPeerName(int descriptor, Span<byte> address)
    {
        uint size = (uint)address.Length;
        fixed (byte* start = address)
        {
            nint result = Result(getpeername(descriptor, start, &size));
            return result < 0 ? (int)result : (int)Math.Min(size, (uint)address.Length);
        }
    }

    /// <summary>setsockopt(2) with an int.</summary>
    public static Errno SetSocketOption(int descriptor, int level, int option, int value) =>
        (Errno)(-Result(setsockopt(descriptor, level, option, &value, sizeof(int))));

    /// <summary>getsockopt(2) into a buffer.</summary>
    /// <returns>The bytes filled, or the negated errno.</returns>
    public static int GetSocketOption(int descriptor, int level, int option, Span<byte> value)
    {
        uint size = (uint)value.Length;
        fixed (byte* start = value)
        {
            nint result = Result(getsockopt(descriptor, level, option, start, &size));
            return result < 0 ? (int)result : (int)size;
        }
    }

    /// <summary>shutdown(2).</summary>
    /// <param name="descriptor">The socket.</param>
    /// <param name="how">0: no more receiving; 1: no more sending; 2: neither.</param>
    public static Errno ShutdownSocket(int descriptor, int how) => (Errno)(-Result(shutdown(descriptor, how)));

    /// <summary>recv(2).</summary>
    /// <param name="descriptor">The socket.</param>
    /// <param name="buffer">Receives the bytes.</param>
    /// <param name="wait">False: EAGAIN at once if there is nothing.</param>
    /// <returns>The bytes received, 0 at the end, or the negated errno.</returns>
    [HotPath]
    public static nint Receive(int descriptor, Span<byte> buffer, bool wait)
    {
        fixed (byte* start = buffer)
            return Result(recv(descriptor, start, (nuint)buffer.Length, wait ? 0 : MsgDontWait));
    }

    /// <summary>recvmsg(2) into two buffers, the second used when the first is full.</summary>
    /// <returns>The bytes received, 0 at the end, or the negated errno: EAGAIN if nothing is there and the call was not
    /// to wait.</returns>
    [HotPath]
    public static nint Receive(int descriptor, Span<byte> first, Span<byte> second, bool wait)
    {
        fixed (byte* one = first)
        fixed (byte* two = second)
        {
            IoVector* vectors = stackalloc IoVector[2];
            vectors[0] = new IoVector { Start = one, Length = (nuint)first.Length };
            vectors[1] = new IoVector { Start = two, Length = (nuint)second.Length };
            MessageHeader message = default;
            message.Vectors = vectors;
            message.VectorCount = 2;
            return Result(recvmsg(descriptor, &message, wait ? 0 : MsgDontWait));
        }
    }

    /// <summary>sendmsg(2) of all runs of a list, as far as the socket takes them. A closed peer is EPIPE, never a
    /// signal.</summary>
    /// <param name="descriptor">The socket.</param>
    /// <param name="list">What to send.</param>
    /// <param name="wait">False: EAGAIN at once if the socket takes nothing.</param>
    /// <param name="more">More follows at once (MSG_MORE).</param>
    /// <returns>The bytes sent, or the negated errno.</returns>
    [HotPath]
    public static nint Send(int descriptor, GatherList list, bool wait, bool more)
    {
        MessageHeader message = default;
        message.Vectors = (IoVector*)list.Start;
        message.VectorCount = (nuint)list.Count;
        int flags = MsgNoSignal | (wait ? 0 : MsgDontWait) | (more ? MsgMore : 0);
        return Result(sendmsg(descriptor, &message, flags));
    }

    /// <summary>sendfile(2). A closed peer is EPIPE; the signal that comes with it is ignored by the process.</summary>
    /// <returns>The bytes sent, 0 at the end of the file, or the negated errno.</returns>
    [HotPath]
    public static nint SendFile(int socket, int file, ulong offset, long count)
    {
        long position = (long)offset;
        return Result(sendfile(socket, file, &position, (nuint)count));
    }

    /// <summary>poll(2) of two descriptors for reading.</summary>
    /// <param name="descriptors">What to wait for.</param>
    /// <param name="ready">Receives for each whether something happened.</param>
    /// <param name="timeoutMs">Milliseconds, -1 for ever.</param>
    /// <returns>How many are ready, or the negated errno.</returns>
    public static int PollForReading(ReadOnlySpan<int> descriptors, Span<bool> ready, int timeoutMs)
    {
        PollEntry* entries = stackalloc PollEntry[descriptors.Length];
        for (int i = 0; i < descriptors.Length; i++)
            entries[i] = new PollEntry { Descriptor = descriptors[i], Events = PollIn };
        int count = (int)Result(poll(entries, (nuint)descriptors.Length, timeoutMs));
        for (int i = 0; i < descriptors.Length; i++)
            ready[i] = count > 0 && entries[i].Returned != 0;
        return count;
    }

    /// <summary>Waits until a descriptor can be written to, or has an error to tell.</summary>
    /// <param name="descriptor">What is to be written to.</param>
    /// <param name="unless">An event descriptor that ends the wait.</param>
    public static void PollForWriting(int descriptor, int unless)
    {
        PollEntry* entries = stackalloc PollEntry[2];
        entries[0] = new PollEntry { Descriptor = descriptor, Events = PollOut };
        entries[1] = new PollEntry { Descriptor = unless, Events = PollIn };
        _ = poll(entries, 2, -1);   // If a signal comes, the caller finds that it must wait again.
    }

    /// <summary>eventfd(2), closed on exec: a descriptor that becomes readable when <see cref="SignalEvent"/> is
    /// called.</summary>
    public static int EventDescriptor() => (int)Result(eventfd(0, SockCloexec));

    /// <summary>Makes an event descriptor readable for good.</summary>
    public static void SignalEvent(int descriptor)
    {
        ulong one = 1;
        _ = write(descriptor, (byte*)&one, sizeof(ulong));
    }

    /// <summary>Makes an event descriptor that is readable unreadable again.</summary>
    public static void ClearEvent(int descriptor)
    {
        ulong count;
        _ = read(descriptor, (byte*)&count, sizeof(ulong));
    }

    /// <summary>socketpair(2) of type SOCK_STREAM, closed on exec.</summary>
    public static Errno SocketPair(out int first, out int second)
    {
        int* pair = stackalloc int[2];
        Errno errno = (Errno)(-Result(socketpair(AfUnix, 1 | SockCloexec, 0, pair)));
        first = pair[0];
        second = pair[1];
        return errno;
    }

    private struct IoVector
    {
        public byte* Start;
        public nuint Length;
    }

    private struct MessageHeader
    {
        public void* Name;
        public uint NameLength;
        public IoVector* Vectors;
        public nuint VectorCount;
        public void* Control;
        public nuint ControlLength;
        public int Flags;
    }

#pragma warning disable CS0649 // The kernel writes it.
    private struct PollEntry
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }
#pragma warning restore CS0649

    [DllImport("libc")]
    private static extern int socket(int domain, int type, int protocol);

    [DllImport("libc")]
    private static extern int bind(int fd, byte* address, uint length);

    [DllImport("libc")]
    private static extern int listen(int fd, int backlog);

    [DllImport("libc")]
    private static extern int accept4(int fd, byte* address, uint* length, int flags);

    [DllImport("libc")]
    private static extern int getsockname(int fd, byte* address, uint* length);

    [DllImport("libc")]
    private static extern int getpeername(int fd, byte* address, uint* length);

    [DllImport("libc")]
    private static extern int setsockopt(int fd, int level, int option, void* value, uint length);

    [DllImport("libc")]
    private static extern int getsockopt(int fd, int level, int option, byte* value, uint* length);

    [DllImport("libc")]
    private static extern int shutdown(int fd, int how);

    [DllImport("libc")]
    private static extern nint recv(int fd, byte* buffer, nuint length, int flags);

    [DllImport("libc")]
    private static extern nint recvmsg(int fd, MessageHeader* message, int flags);

    [DllImport("libc")]
    private static extern nint sendmsg(int fd, MessageHeader* message, int flags);

    [DllImport("libc")]
    private static extern nint sendfile(int target, int source, long* offset, nuint count);

    [DllImport("libc")]
    private static extern int poll(PollEntry* entries, nuint count, int timeout);

    [DllImport("libc")]
    private static extern int eventfd(uint initial, int flags);

    [DllImport("libc")]
    private static extern int socketpair(int domain, int type, int protocol, int* pair);
}
