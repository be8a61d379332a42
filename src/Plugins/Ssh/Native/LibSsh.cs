// The library libssh: loading it, its version, what it tells of its work. Not: sessions (SshSession), when it is needed
// (SshPlugin).

using System.Runtime.InteropServices;
using System.Text;

namespace NbdFast.Plugins.Ssh.Native;

/// <summary>libssh as a whole. Nothing of it is loaded before <see cref="Load"/>; whoever calls into it without that
/// has made a mistake. Sessions may be used by several threads as long as each is used by one at a time.</summary>
internal static unsafe class LibSsh
{
    /// <summary>SSH_OK.</summary>
    public const int Ok = 0;

    /// <summary>SSH_AGAIN: a call that does not wait would have to.</summary>
    public const int Again = -2;

    /// <summary>The most detailed log level, SSH_LOG_FUNCTIONS.</summary>
    public const int MostDetailed = 4;

    internal const int LogWarning = 1;     // SSH_LOG_WARNING
    internal const int LogProtocol = 2;    // SSH_LOG_PROTOCOL
    internal const int LogPacket = 3;      // SSH_LOG_PACKET
    internal const int OldestVersion = 0x000900;   // 0.9.0; the calls for known hosts are of 0.8.

    private const string File = "libssh.so.4";

    private static readonly object Loading = new();
    private static nint _library;
    private static delegate* unmanaged<int, int> _setLogLevel;
    private static delegate* unmanaged<delegate* unmanaged<int, byte*, byte*, nint, void>, int> _setLogCallback;

    /// <summary>Its version and what it was built with, as "0.10.6/openssl/zlib".</summary>
    public static string Version { get; private set; } = "";

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

    /// <summary>Lets the library tell the log what it does on the calling thread: what it knows of that belongs to a
    /// thread.</summary>
    /// <param name="level">0 for nothing, up to <see cref="MostDetailed"/>.</param>
    public static void LogOnThisThread(int level)
    {
        if (level == 0)
            return;
        _ = _setLogLevel(level);        // These two fail for a negative level or no callback only.
        _ = _setLogCallback(&OnMessage);
    }

    /// <summary>A text of the library, or "".</summary>
    internal static string Text(byte* text) => Marshal.PtrToStringUTF8((nint)text) ?? "";

    /// <summary>A copy with a NUL at its end.</summary>
    internal static byte[] Terminated(string text) => Encoding.UTF8.GetBytes(text + "\0");

    private static nint Open()
    {
        if (!NativeLibrary.TryLoad(File, out nint library))
            throw new ConfigException(
                $"the library {File} cannot be loaded: please install libssh (Debian's package is libssh-4)");
        var version = (delegate* unmanaged<int, byte*>)NativeLibrary.GetExport(library, "ssh_version");
        Version = Text(version(0));
        if (version(OldestVersion) == null)
            throw new ConfigException($"libssh is too old: this is {Version}, 0.9 is needed");
        _setLogLevel = (delegate* unmanaged<int, int>)NativeLibrary.GetExport(library, "ssh_set_log_level");
        _setLogCallback = (delegate* unmanaged<delegate* unmanaged<int, byte*, byte*, nint, void>, int>)
            NativeLibrary.GetExport(library, "ssh_set_log_callback");
        return library;
    }

    [UnmanagedCallersOnly]
    private static void OnMessage(int priority, byte* function, byte* text, nint data)
    {
        string kind = priority switch
        {
            <= LogWarning => "warning",
            LogProtocol => "protocol",
            LogPacket => "packet",
            _ => "function",
        };
        Log.Debug($"libssh: {kind}: {Text(text)}");
    }
}
