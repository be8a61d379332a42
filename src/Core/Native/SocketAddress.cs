// The bytes of struct sockaddr and what they mean. Not: names (AddressResolver).

using System;
using System.Buffers.Binary;
using System.Net;
using System.Runtime.InteropServices;
using System.Text;

namespace NbdFast.Native;

/// <summary>Reads and writes socket addresses as the kernel lays them out.</summary>
public static class SocketAddress
{
    /// <summary>Room for any address (struct sockaddr_storage).</summary>
    public const int MaximumBytes = 128;

    /// <summary>The longest path of a Unix socket in bytes: sun_path less its end mark.</summary>
    public const int MaximumPathBytes = 107;

    /// <summary>A vsock port that stands for any free one.</summary>
    public const uint AnyVsockPort = uint.MaxValue;

    private const int PathOffset = 2;
    private const int PortOffset = 2;
    private const int VsockBytes = 16;
    private const int VsockPortOffset = 4;
    private const int VsockMachineOffset = 8;
    private const uint AnyMachine = uint.MaxValue;

    /// <summary>The address of a Unix socket.</summary>
    /// <param name="path">At most <see cref="MaximumPathBytes"/> bytes of UTF-8. One that begins with NUL is no file
    /// but a name in the abstract namespace.</param>
    public static byte[] OfUnix(string path)
    {
        byte[] name = Encoding.UTF8.GetBytes(path);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(name.Length, MaximumPathBytes);
        bool isAbstract = name is [0, ..];
        byte[] address = new byte[PathOffset + name.Length + (isAbstract ? 0 : 1)];
        MemoryMarshal.Write(address, (ushort)Libc.AfUnix);
        name.CopyTo(address, PathOffset);
        return address;
    }

    /// <summary>The address of a vsock port, for connections from any machine.</summary>
    public static byte[] OfVsock(uint port) => OfVsock(AnyMachine, port);

    /// <summary>The address of a vsock port of a machine.</summary>
    /// <param name="machine">Its context identifier (CID): 2 is the host.</param>
    /// <param name="port">The port.</param>
    public static byte[] OfVsock(uint machine, uint port)
    {
        byte[] address = new byte[VsockBytes];
        MemoryMarshal.Write(address, (ushort)Libc.AfVsock);
        MemoryMarshal.Write(address.AsSpan(VsockPortOffset), port);
        MemoryMarshal.Write(address.AsSpan(VsockMachineOffset), machine);
        return address;
    }

    /// <summary>The path of a Unix socket's address; "" for one without a path, "@" first for one that is no
    /// file.</summary>
    public static string UnixPath(ReadOnlySpan<byte> address)
    {
        ReadOnlySpan<byte> path = address[Math.Min(PathOffset, address.Length)..];
        if (path.Length > 0 && path[0] == 0)
            return path.Length == 1 ? "" : "@" + Encoding.UTF8.GetString(path[1..]);
        int end = path.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? path : path[..end]);
    }

    /// <summary>The address of a TCP socket without its port.</summary>
    public static string Host(ReadOnlySpan<byte> address) => Family(address) == Libc.AfInet
        ? new IPAddress(address.Slice(4, 4)).ToString()
        : new IPAddress(address.Slice(8, 16)).ToString();

    /// <summary>The family of an address, or 0 if it has none.</summary>
    public static int Family(ReadOnlySpan<byte> address) =>
        address.Length < sizeof(ushort) ? 0 : MemoryMarshal.Read<ushort>(address);

    /// <summary>The port of a TCP address, else 0.</summary>
    public static int Port(ReadOnlySpan<byte> address) =>
        Family(address) is Libc.AfInet or Libc.AfInet6
            ? BinaryPrimitives.ReadUInt16BigEndian(address[PortOffset..])
            : 0;

    /// <summary>The port of a vsock address.</summary>
    public static uint VsockPort(ReadOnlySpan<byte> address) => MemoryMarshal.Read<uint>(address[VsockPortOffset..]);

    /// <summary>Sets the port of a TCP address.</summary>
    public static void SetPort(Span<byte> address, int port) =>
        BinaryPrimitives.WriteUInt16BigEndian(address[PortOffset..], (ushort)port);

    /// <summary>The address as people write it.</summary>
    public static string? Describe(ReadOnlySpan<byte> address)
    {
        switch (Family(address))
        {
            case Libc.AfUnix:
                return "unix";
            case Libc.AfInet:
                return $"{Host(address)}:{Port(address)}";
            case Libc.AfInet6:
                return $"[{Host(address)}]:{Port(address)}";
            case Libc.AfVsock:
                return $"vsock:{MemoryMarshal.Read<uint>(address[VsockMachineOffset..])}:{VsockPort(address)}";
            default:
                return null;
        }
    }
}
