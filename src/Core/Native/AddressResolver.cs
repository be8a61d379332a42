// Host and service names to socket addresses, by the system's resolver. Not: binding (Transport/Listener),
// connecting (Client/Dialer).

using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Text;

namespace NbdFast.Native;

/// <summary>getaddrinfo(3) for stream sockets.</summary>
public static unsafe class AddressResolver
{
    private const int Passive = 1;

    /// <summary>An address to bind, or to connect to.</summary>
    /// <param name="Family">Its address family.</param>
    /// <param name="Bytes">The <c>struct sockaddr</c>.</param>
    public readonly record struct Resolved(int Family, byte[] Bytes);

    /// <summary>Resolves.</summary>
    /// <param name="host">A name or number, or null for the wildcard addresses.</param>
    /// <param name="service">A port number or service name.</param>
    /// <param name="family">An address family, or 0 for any.</param>
    /// <param name="addresses">What was found.</param>
    /// <returns>Null, or what the system says went wrong.</returns>
    public static string? Resolve(string? host, string service, int family, out IReadOnlyList<Resolved> addresses)
    {
        List<Resolved> found = [];
        addresses = found;
        AddressInfo hints = new() { Flags = Passive, Family = family, SocketType = 1 };
        AddressInfo* list = null;
        int result;
        fixed (byte* hostBytes = host == null ? null : Encoding.UTF8.GetBytes(host + "\0"))
        fixed (byte* serviceBytes = Encoding.UTF8.GetBytes(service + "\0"))
            result = getaddrinfo(hostBytes, serviceBytes, &hints, &list);
        if (result != 0)
            return Marshal.PtrToStringUTF8((nint)gai_strerror(result)) ?? "unknown error";

        for (AddressInfo* entry = list; entry != null; entry = entry->Next)
            found.Add(new Resolved(
                entry->Family, new ReadOnlySpan<byte>(entry->Address, (int)entry->AddressLength).ToArray()));
        freeaddrinfo(list);
        return null;
    }

    private struct AddressInfo
    {
        public int Flags;
        public int Family;
        public int SocketType;
        public int Protocol;
        public uint AddressLength;
        public byte* Address;
        public byte* CanonicalName;
        public AddressInfo* Next;
    }

    [DllImport("libc")]
    private static extern int getaddrinfo(byte* host, byte* service, AddressInfo* hints, AddressInfo** list);

    [DllImport("libc")]
    private static extern void freeaddrinfo(AddressInfo* list);

    [DllImport("libc")]
    private static extern byte* gai_strerror(int error);
}
