// "<(SCRIPT)": a shell script and what it prints. Not: reading that (Source).

using System;
using System.Text;
using NbdFast.Native;

namespace NbdFast.Plugins.Data.Contents;

/// <summary>Runs a script when its first byte is needed. Its standard input and standard error are the server's.
/// </summary>
/// <param name="text">For <c>/bin/sh</c>.</param>
/// <param name="shelf">Keeps what was read.</param>
/// <param name="fail">Makes an error that tells where in the expression the script stands.</param>
internal sealed class ScriptSource(ReadOnlyMemory<byte> text, Shelf shelf, Func<string, ConfigException> fail)
    : Source(shelf, fail)
{
    private const int None = -1;
    private const int LongestName = 40;

    private static readonly byte[] Shell = "/bin/sh"u8.ToArray();
    private static readonly byte[] Command = "-c"u8.ToArray();

    private int _process = None;
    private int _output = None;

    private protected override string Name
    {
        get
        {
            string script = string.Join(' ', Encoding.UTF8.GetString(text.Span).Split(
                (char[]?)null, StringSplitOptions.RemoveEmptyEntries));
            return script.Length <= LongestName ? $"<({script})" : $"<({script[..LongestName]}...)";
        }
    }

    /// <summary>Lets the script go: if it still prints, the next byte is its last. Waits for it, as a shell does.
    /// </summary>
    public override void Dispose()
    {
        if (_output != None)
            Libc.Close(_output);
        if (_process != None)
            Libc.WaitForChild(_process, out _);   // How it ends does not matter: what was wanted has been read.
        _output = None;
        _process = None;
    }

    private protected override int Open()
    {
        Errno errno = Libc.Pipe(out _output, out int childOutput);
        if (errno != Errno.Ok)
            throw Failed(errno);
        int process = Libc.SpawnOnPipe([Shell, Command, text.ToArray()], childOutput);
        Libc.Close(childOutput);
        if (process < 0)
            throw Failed((Errno)(-process));
        _process = process;
        return _output;
    }

    private protected override void Ended()
    {
        Errno errno = Libc.WaitForChild(_process, out int status);
        _process = None;
        if (errno != Errno.Ok)
            throw Failed(errno);
        if (status != 0)
            throw Failed(status > 0
                ? $"external command failed with exit code {status}"
                : $"external command was killed by signal {-status}");
    }
}
