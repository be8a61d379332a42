// A secret of the command line and the four ways to give it. Not: what the secret opens.

using System;
using System.Buffers;
using System.Text;
using NbdFast.Native;

namespace NbdFast.Values;

/// <summary>
/// A password or passphrase, read as nbdkit_read_password(3) does: given as it is, or <c>+FILE</c>, <c>-FD</c>, or
/// <c>-</c> to ask at the terminal. Of a file or descriptor it is the first line. It never shows in a message.
/// </summary>
public sealed class Password : IValue<Password>
{
    private const int LastStandardDescriptor = 2;
    private const byte Newline = (byte)'\n';

    private readonly byte[] _bytes;

    private Password(ReadOnlySpan<byte> bytes) => _bytes = bytes.ToArray();

    /// <summary>The password as it was given, which need not be text.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>The password, to hand on to who asks for it.</summary>
    public string Reveal() => Encoding.UTF8.GetString(_bytes);

    /// <summary>Takes the password, or reads it from where it is.</summary>
    /// <exception cref="ConfigException">The file, descriptor or terminal cannot be read.</exception>
    public static Password Parse(string value) => value switch
    {
        "-" => FromTerminal(),
        ['-', .. var descriptor] => FromDescriptor(descriptor),
        ['+', .. var file] => FromFile(file),
        _ => new Password(Encoding.UTF8.GetBytes(value)),
    };

    /// <summary>Does not tell.</summary>
    public override string ToString() => "(hidden)";

    private static Password FromFile(string file)
    {
        int descriptor = Libc.OpenExisting(file, forWriting: false);
        if (descriptor < 0)
            throw new ConfigException($"open {file}: {((Errno)(-descriptor)).Text()}");
        return FirstLineAndClose(descriptor, file);
    }

    private static Password FromDescriptor(string text)
    {
        int descriptor;
        try
        {
            descriptor = Parsers.ParseInt32(text);
        }
        catch (ConfigException error)
        {
            throw new ConfigException($"password file descriptor: {error.Message}", error);
        }

        if (descriptor <= LastStandardDescriptor)
            throw new ConfigException("cannot use password -FD for stdin/stdout/stderr");
        return FirstLineAndClose(descriptor, $"file descriptor {descriptor}");
    }

    private static Password FromTerminal()
    {
        // Not standard input, which may be the connection (-s) or redirected.
        const string Terminal = "/dev/tty";
        int descriptor = Libc.OpenExisting(Terminal, forWriting: true);
        if (descriptor < 0)
        {
            string reason = ((Errno)(-descriptor)).Text();
            throw new ConfigException($"cannot read password interactively: open {Terminal}: {reason}");
        }

        Libc.Write(descriptor, "password: "u8);
        Errno error = Libc.SetTerminalEcho(descriptor, on: false);
        try
        {
            return FirstLine(descriptor, Terminal);
        }
        finally
        {
            if (error == Errno.Ok)
            {
                Libc.SetTerminalEcho(descriptor, on: true);
                Libc.Write(descriptor, "\n"u8);   // The user's own was not shown.
            }

            Libc.Close(descriptor);
        }
    }

    private static Password FirstLineAndClose(int descriptor, string source)
    {
        try
        {
            return FirstLine(descriptor, source);
        }
        finally
        {
            Libc.Close(descriptor);
        }
    }

    // Only the first line counts, so that a file may end with a newline.
    private static Password FirstLine(int descriptor, string source)
    {
        ArrayBufferWriter<byte> line = new();
        try
        {
            while (true)
            {
                nint count = Libc.Read(descriptor, line.GetSpan(256));
                if (count < 0)
                {
                    string reason = ((Errno)(-count)).Text();
                    throw new ConfigException($"could not read password from {source}: {reason}");
                }

                line.Advance((int)count);
                int end = line.WrittenSpan.IndexOf(Newline);
                if (end >= 0)
                    return new Password(line.WrittenSpan[..end]);
                if (count == 0)
                    return new Password(line.WrittenSpan);
            }
        }
        finally
        {
            line.Clear();   // Zeroes what it holds: no second copy of the secret lies about.
        }
    }
}
