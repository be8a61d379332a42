// The library GnuTLS: loading it, its codes, its log. Not: sessions (TlsSession), credentials (TlsCredentials), when it
// is needed (Transport/TlsContext).

using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace NbdFast.Native;

/// <summary>GnuTLS as a whole. Nothing of it is loaded before <see cref="TryLoad"/>; whoever calls into it without that
/// has made a mistake.</summary>
internal static unsafe class GnuTls
{
    /// <summary>The file to load.</summary>
    public const string Library = "libgnutls.so.30";

    /// <summary>The oldest release with all that is used here, TLS 1.3 above all.</summary>
    public const string OldestVersion = "3.6.6";

    /// <summary>Nothing is there to read, or there is no room to write: call again later.</summary>
    public const int Again = -28;

    /// <summary>The client asks for another handshake on the connection (TLS 1.2).</summary>
    public const int Rehandshake = -37;

    /// <summary>The client does not keep to the protocol.</summary>
    public const int UnexpectedPacket = -15;

    private static Action<int, string>? _log;

    /// <summary>Loads the library, once.</summary>
    /// <returns>False if it is missing or too old.</returns>
    public static bool TryLoad()
    {
        if (!NativeLibrary.TryLoad(Library, out _))
            return false;
        fixed (byte* oldest = Encoding.UTF8.GetBytes(OldestVersion + "\0"))
            return gnutls_check_version(oldest) != null;
    }

    /// <summary>What the library says about a code.</summary>
    public static string Text(int code) => Text(gnutls_strerror(code));

    /// <summary>The session cannot go on after this code.</summary>
    [HotPath]
    public static bool IsFatal(int code) => gnutls_error_is_fatal(code) != 0;

    /// <summary>Has the library tell what it does.</summary>
    /// <param name="level">0 (nothing) to 99.</param>
    /// <param name="log">Takes the level and the text of a message.</param>
    public static void LogTo(int level, Action<int, string> log)
    {
        _log = log;
        gnutls_global_set_log_function(&OnLog);
        gnutls_global_set_log_level(level);
    }

    /// <summary>A text of the library, or "".</summary>
    internal static string Text(byte* text) => Marshal.PtrToStringUTF8((nint)text) ?? "";

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnLog(int level, byte* message) => _log?.Invoke(level, Text(message).TrimEnd('\n'));

    [DllImport(Library)]
    private static extern byte* gnutls_check_version(byte* required);

    [DllImport(Library)]
    private static extern byte* gnutls_strerror(int error);

    [DllImport(Library)]
    private static extern int gnutls_error_is_fatal(int error);

    [DllImport(Library)]
    private static extern void gnutls_global_set_log_level(int level);

    [DllImport(Library)]
    private static extern void gnutls_global_set_log_function(delegate* unmanaged[Cdecl]<int, byte*, void> log);
}
