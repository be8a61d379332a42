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

    private const int PathOffset = 2;
    private const int PortOffset = 2;

    /// <summary>The address of a Unix socket.</summary>
    /// <param name="path">At most <see cref="MaximumPathBytes"/> bytes of UTF-8.</param>
    public static byte[] OfUnix(string path)
    {
        byte[] name = Encoding.UTF8.GetBytes(path);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(name.Length, MaximumPathBytes);
        byte[] address = new byte[PathOffset + name.Length + 1];
        MemoryMarshal.Write(address, (ushort)Libc.AfUnix);
        name.CopyTo(address, PathOffset);
        return address;
    }

    /// <summary>The family of an address, or 0 if it has none.</summary>
    public static int Family(ReadOnlySpan<byte> address) =>
        address.Length < sizeof(ushort) ? 0 : MemoryMarshal.Read<ushort>(address);

    /// <summary>The port of a TCP address, else 0.</summary>
    public static int Port(ReadOnlySpan<byte> address) =>
        Family(address) is Libc.AfInet or Libc.AfInet6
            ? BinaryPrimitives.ReadUInt16BigEndian(address[PortOffset..])
            : 0;

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
                return $"{new IPAddress(address.Slice(4, 4))}:{Port(address)}";
            case Libc.AfInet6:
                return $"[{new IPAddress(address.Slice(8, 16))}]:{Port(address)}";
            default:
                return null;
        }
    }
}
