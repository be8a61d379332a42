// The system log: openlog(3), syslog(3). Not: which messages go there (Diagnostics/SyslogSink).

using System.Runtime.InteropServices;
using System.Text;

namespace NbdFast.Native;

public static unsafe partial class Libc
{
    private const int WithProcessId = 1;          // LOG_PID
    private const int DaemonFacility = 3 << 3;    // LOG_DAEMON
    private const int ErrorPriority = 3;          // LOG_ERR

    // openlog keeps the pointer, so the name stays for the life of the process.
    private static byte* _systemLogName;

    /// <summary>openlog(3): names this program in the system log, with the process number.</summary>
    public static void OpenSystemLog(string name)
    {
        byte[] text = Encoding.UTF8.GetBytes(name + '\0');
        byte* kept = (byte*)NativeMemory.Alloc((nuint)text.Length);
        Marshal.Copy(text, 0, (nint)kept, text.Length);
        openlog(kept, WithProcessId, DaemonFacility);
        NativeMemory.Free(_systemLogName);
        _systemLogName = kept;
    }

    /// <summary>syslog(3) with the daemon facility and the priority of errors.</summary>
    public static void LogSystemError(string message)
    {
        fixed (byte* text = Encoding.UTF8.GetBytes(message + '\0'), format = "%s\0"u8)
            syslog(DaemonFacility | ErrorPriority, format, text);
    }

    [DllImport("libc")]
    private static extern void openlog(byte* ident, int option, int facility);

    // Variadic in C; without floating-point arguments the plain convention is the same on x86-64 and arm64 Linux.
    [DllImport("libc")]
    private static extern void syslog(int priority, byte* format, byte* text);
}
