// The terminal: whether it shows what is typed. Not: reading and writing (Libc.Fd).

using System.Runtime.InteropServices;

namespace NbdFast.Native;

public static unsafe partial class Libc
{
    private const int SetAfterOutputDropInput = 2;   // TCSAFLUSH
    private const uint Echo = 8;                     // ECHO

    /// <summary>Makes a terminal show, or not show, what is typed (tcsetattr(3)).</summary>
    /// <returns><see cref="Errno.ENOTTY"/> if it is no terminal.</returns>
    public static Errno SetTerminalEcho(int descriptor, bool on)
    {
        TerminalSettings settings;
        nint result = Result(tcgetattr(descriptor, &settings));
        if (result < 0)
            return (Errno)(-result);
        settings.LocalModes = on ? settings.LocalModes | Echo : settings.LocalModes & ~Echo;
        return (Errno)(-Result(tcsetattr(descriptor, SetAfterOutputDropInput, &settings)));
    }

    [DllImport("libc")]
    private static extern int tcgetattr(int fd, TerminalSettings* settings);

    [DllImport("libc")]
    private static extern int tcsetattr(int fd, int actions, TerminalSettings* settings);

    // struct termios of glibc on Linux: four flag words, a line discipline, 32 control characters, two speeds.
    [StructLayout(LayoutKind.Explicit, Size = 60)]
    private struct TerminalSettings
    {
        [FieldOffset(12)]
        public uint LocalModes;
    }
}
