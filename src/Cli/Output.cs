// Text to standard output. Not: messages (Log). System.Console is not used: all that it would prepare is of no use to
// one write.

using System;
using System.Text;
using NbdFast.Native;

namespace NbdFast.Cli;

/// <summary>Writes what was asked for.</summary>
internal static class Output
{
    private const int StandardOutput = 1;
    private const int StandardError = 2;

    /// <summary>Writes a text to standard output.</summary>
    /// <returns>The exit code: 1 if not all of it could be written.</returns>
    public static int Write(string text)
    {
        Errno errno = WriteAll(StandardOutput, Encoding.UTF8.GetBytes(text));
        if (errno == Errno.Ok)
            return 0;
        Complain($"standard output: {errno.Text()}");
        return 1;
    }

    /// <summary>Tells of a command line that was not understood. That does not go through the log: whoever typed it
    /// must see it.</summary>
    public static void Complain(string message) =>
        WriteAll(StandardError, Encoding.UTF8.GetBytes($"{Log.ProgramName}: {message}\n"));

    private static Errno WriteAll(int descriptor, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            nint count = Libc.Write(descriptor, bytes);
            if (count == -(int)Errno.EINTR)
                continue;
            if (count < 0)
                return (Errno)(-count);
            bytes = bytes[(int)count..];
        }

        return Errno.Ok;
    }
}
