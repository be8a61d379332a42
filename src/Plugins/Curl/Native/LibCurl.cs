// The library libcurl: loading it, its version, its texts. Not: handles (EasyHandle, MultiHandle, ShareHandle), when it
// is needed (CurlPlugin).

using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Text;

namespace NbdFast.Plugins.Curl.Native;

/// <summary>libcurl as a whole. Nothing of it is loaded before <see cref="Load"/>; whoever calls into it without that
/// has made a mistake. Functions are looked up by hand, for which of the two files has them is known at run time
/// only.</summary>
/// <remarks>The functions with a variable number of arguments are called as if they had a fixed one. The calling
/// conventions of Linux on x86-64 and arm64 put integers and pointers in the same place either way.</remarks>
internal static unsafe class LibCurl
{
    /// <summary>The result of success, of easy, multi and share handles alike.</summary>
    public const int Ok = 0;

    /// <summary>CURLE_WRITE_ERROR: what a transfer ends with that our side has broken off.</summary>
    public const int WriteError = 23;

    /// <summary>CURLE_HTTP_RETURNED_ERROR: a status of 400 and more.</summary>
    public const int HttpReturnedError = 22;

    /// <summary>CURLE_ABORTED_BY_CALLBACK: for transfers that end with the server.</summary>
    public const int Aborted = 42;

    /// <summary>CURLE_UNKNOWN_OPTION: this libcurl is older than the option.</summary>
    public const int UnknownOption = 48;

    /// <summary>The version from which on protocols are given by their names: 7.85.0.</summary>
    public const uint VersionWithProtocolNames = 0x075500;

    // The oldest with all that is used without asking: times in microseconds (7.61), TLS 1.3 ciphers (7.61).
    private const uint OldestVersion = 0x073d00;
    internal const int GlobalAll = 3;      // CURL_GLOBAL_ALL
    internal const int VersionAge = 0;      // CURLVERSION_FIRST: all that is read here was there from the start.

    // The build with OpenSSL first: it knows every option. Debian has another one with GnuTLS.
    private static readonly string[] Files = ["libcurl.so.4", "libcurl-gnutls.so.4"];
    private static readonly object Loading = new();

    private static nint _library;
    private static delegate* unmanaged<int, byte*> _easyText;
    private static delegate* unmanaged<int, byte*> _multiText;
    private static VersionInfo* _version;

    /// <summary>The version as a number, 0xXXYYZZ.</summary>
    public static uint VersionNumber => _version->Number;

    /// <summary>The version, as "7.88.1".</summary>
    public static string Version => Text(_version->Version);

    /// <summary>For which system it was built.</summary>
    public static string Host => Text(_version->Host);

    /// <summary>The library for TLS, as "OpenSSL/3.0.17".</summary>
    public static string Tls => Text(_version->SslVersion);

    /// <summary>The bits of its features.</summary>
    public static int Features => _version->Features;

    /// <summary>The version of zlib.</summary>
    public static string Zlib => Text(_version->LibzVersion);

    /// <summary>The names of the protocols that it knows.</summary>
    public static IReadOnlyList<string> Protocols
    {
        get
        {
            List<string> names = [];
            for (byte** name = _version->Protocols; *name != null; name++)
                names.Add(Text(*name));
            return names;
        }
    }

    /// <summary>Loads the library, once.</summary>
    /// <exception cref="ConfigException">It is missing or too old.</exception>
    public static void Load()
    {
        lock (Loading)
        {
            if (_library == 0)
                _library = Open();
        }
    }

    /// <summary>A function of the library.</summary>
    public static nint Function(string name) => NativeLibrary.GetExport(_library, name);

    /// <summary>What the library says about the result of a transfer or an option.</summary>
    public static string EasyText(int result) => Text(_easyText(result));

    /// <summary>What the library says about the result of a multi handle.</summary>
    public static string MultiText(int result) => Text(_multiText(result));

    /// <summary>A text of the library, or "".</summary>
    internal static string Text(byte* text) => Marshal.PtrToStringUTF8((nint)text) ?? "";

    /// <summary>A copy with a NUL at its end.</summary>
    internal static byte[] Terminated(ReadOnlySpan<byte> text) => [.. text, 0];

    /// <summary>A copy with a NUL at its end.</summary>
    internal static byte[] Terminated(string text) => Terminated(Encoding.UTF8.GetBytes(text));

    private static nint Open()
    {
        nint library = 0;
        foreach (string file in Files)
            if (library == 0 && !NativeLibrary.TryLoad(file, out library))
                library = 0;
        if (library == 0)
            throw new ConfigException(
                $"the library {Files[0]} cannot be loaded: please install libcurl (Debian's package is libcurl4)");

        var versionInfo = (delegate* unmanaged<int, VersionInfo*>)NativeLibrary.GetExport(library, "curl_version_info");
        _version = versionInfo(VersionAge);
        if (_version->Number < OldestVersion)
            throw new ConfigException($"libcurl is too old: this is {Text(_version->Version)}, 7.61 is needed");
        var globalInit = (delegate* unmanaged<nint, int>)NativeLibrary.GetExport(library, "curl_global_init");
        _easyText = (delegate* unmanaged<int, byte*>)NativeLibrary.GetExport(library, "curl_easy_strerror");
        _multiText = (delegate* unmanaged<int, byte*>)NativeLibrary.GetExport(library, "curl_multi_strerror");
        int result = globalInit(GlobalAll);
        return result == Ok
            ? library
            : throw new ConfigException($"curl_global_init: {Text(_easyText(result))}");
    }

    /// <summary>The part of <c>curl_version_info_data</c> that never changed.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct VersionInfo
    {
        public int Age;
        public byte* Version;
        public uint Number;
        public byte* Host;
        public int Features;
        public byte* SslVersion;
        public nint SslVersionNumber;
        public byte* LibzVersion;
        public byte** Protocols;
    }
}
