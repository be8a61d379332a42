// Who is at the other end of a socket. Not: who may connect (filters).

using System;
using System.Runtime.InteropServices;
using System.Text;
using NbdFast.Native;

namespace NbdFast.Transport;

/// <summary>Asks the kernel about the peer of a connected socket.</summary>
internal static class PeerIdentity
{
    private const int SolSocket = 1;
    private const int SoPeerCredentials = 17;
    private const int SoPeerSecurity = 31;
    private const int CredentialBytes = 12;
    private const int MaximumContextBytes = 256;

    /// <summary>Describes the client of a socket.</summary>
    /// <param name="descriptor">The accepted socket.</param>
    /// <param name="address">Its peer's address.</param>
    /// <param name="number">The connection's number.</param>
    /// <param name="readOnly">The server is read-only.</param>
    public static ClientInfo Of(int descriptor, ReadOnlySpan<byte> address, int number, bool readOnly)
    {
        bool isUnix = SocketAddress.Family(address) == Libc.AfUnix;
        Span<byte> credentials = stackalloc byte[CredentialBytes];
        bool known = isUnix
            && Libc.GetSocketOption(descriptor, SolSocket, SoPeerCredentials, credentials) == CredentialBytes;
        return new ClientInfo
        {
            ConnectionNumber = number,
            ServerIsReadOnly = readOnly,
            PeerName = SocketAddress.Describe(address),
            PeerAddress = address.ToArray(),
            PeerProcessId = known ? MemoryMarshal.Read<int>(credentials) : null,
            PeerUserId = known ? MemoryMarshal.Read<uint>(credentials[4..]) : null,
            PeerGroupId = known ? MemoryMarshal.Read<uint>(credentials[8..]) : null,
            PeerSecurityContext = isUnix ? SecurityContext(descriptor) : null,
        };
    }

    private static string? SecurityContext(int descriptor)
    {
        Span<byte> context = stackalloc byte[MaximumContextBytes];
        int length = Libc.GetSocketOption(descriptor, SolSocket, SoPeerSecurity, context);
        return length <= 0 ? null : Encoding.UTF8.GetString(context[..length]).TrimEnd('\0');
    }
}
