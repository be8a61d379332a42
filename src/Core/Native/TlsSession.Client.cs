// Sessions of a client. Not: what all sessions do (TlsSession).

using System.Runtime.InteropServices;
using System.Text;

namespace NbdFast.Native;

internal sealed unsafe partial class TlsSession
{
    private const uint Client = 1 << 1;   // gnutls_init_flags_t
    private const uint DnsName = 1;       // gnutls_server_name_type_t

    /// <summary>Makes a session of a client.</summary>
    /// <param name="credentials">What the client shows and trusts. It must outlive the session, as the next
    /// one.</param>
    /// <param name="priority">What is allowed.</param>
    /// <param name="serverName">The name that the server's certificate must bear, or null: any.</param>
    /// <param name="verifies">The server's certificate must be one that a trusted authority issued, neither expired nor
    /// revoked.</param>
    /// <param name="session">What was made.</param>
    /// <returns>0 or the library's code.</returns>
    public static int TryMakeClient(
        TlsCredentials credentials, TlsPriority priority, string? serverName, bool verifies, out TlsSession? session)
    {
        int code = TryInitialize(Client, credentials, priority, out session);
        if (code != 0 || credentials.ArePreShared)
            return code;
        return session!.Expect(serverName, verifies);
    }

    // The library keeps no pointer to the name that is indicated, but one to the name that is verified: that stays
    // until the session is disposed of.
    private int Expect(string? serverName, bool verifies)
    {
        if (serverName != null)
        {
            byte[] name = Encoding.UTF8.GetBytes(serverName);
            _expectedName = (byte*)NativeMemory.AllocZeroed((nuint)name.Length + 1);
            Marshal.Copy(name, 0, (nint)_expectedName, name.Length);
            if (!System.Net.IPAddress.TryParse(serverName, out _))   // Addresses are no names to indicate.
                _ = gnutls_server_name_set(_session, DnsName, _expectedName, (nuint)name.Length);
        }

        if (verifies)
            gnutls_session_set_verify_cert(_session, _expectedName, 0);
        return 0;
    }

    [DllImport(GnuTls.Library)]
    private static extern int gnutls_server_name_set(nint session, uint type, void* name, nuint length);
}
