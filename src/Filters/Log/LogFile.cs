// The log file: one line per entry, one write(2) per line. Not: what is logged (LogFilter).

using System;
using System.Globalization;
using System.Threading;
using NbdFast.Native;

namespace NbdFast.Filters;

/// <summary>Writes entries as lines in the format of "LOG FILE FORMAT" in nbdkit-log-filter(1). Any number of threads
/// may call it; the lines' times ascend.</summary>
internal sealed class LogFile : IDisposable
{
    private const uint Permissions = 0x1b6;   // 0666 in octal, less the umask.
    private const int PrefixBytes = 256;   // More than time, connection=, action, id=, return= and error= ever need.

    private readonly Lock _lock = new();
    private readonly int _descriptor;
    private byte[] _line = new byte[1024];
    private int _length;
    private bool _hasFailed;

    private LogFile(int descriptor) => _descriptor = descriptor;

    /// <summary>Opens or makes the file.</summary>
    /// <param name="path">An absolute path.</param>
    /// <param name="append">Keep what is in it.</param>
    /// <exception cref="ConfigException">It cannot be opened.</exception>
    public static LogFile Open(string path, bool append)
    {
        // O_APPEND also without logappend: several servers may then share a file without tearing lines.
        int flags = OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Append | OpenFlags.CloseOnExec
            | (append ? 0 : OpenFlags.Truncate);
        int descriptor = Libc.Open(Libc.CurrentDirectory, path, flags, Permissions);
        return descriptor >= 0 ? new LogFile(descriptor) : throw Failed(path, -descriptor);
    }

    /// <summary>Writes an entry.</summary>
    [HotPath]
    public void Add(in LogEntry entry)
    {
        // Formatted under the lock: one buffer serves all, and the times come in the order of the lines.
        lock (_lock)
        {
            Reserve(PrefixBytes + entry.Fields.Length);
            _length = 0;
            AppendTime();
            AppendEntry(in entry);
            Append("\n"u8);
            Write(_line.AsSpan(0, _length));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Errno errno = Libc.Close(_descriptor);
        if (errno != Errno.Ok)
            Log.Error(errno, $"logfile: close: {errno.Text()}");
    }

    private void AppendEntry(in LogEntry entry)
    {
        if (entry.Connection != 0)
            AppendNumber(" connection="u8, entry.Connection);
        Append(entry.Kind == LogEntryKind.Leave ? " ..."u8 : " "u8);
        Append(entry.Action);
        if (entry.Id != 0)
            AppendNumber(" id="u8, entry.Id);
        if (!entry.Fields.IsEmpty)
        {
            Append(" "u8);
            Append(entry.Fields);
        }

        if (entry.Kind == LogEntryKind.Enter)
            Append(" ..."u8);
        if (entry.Kind != LogEntryKind.Leave)
            return;
        Append(entry.Result == Errno.Ok ? " return=0"u8 : " return=-1 error="u8);
        if (entry.Result != Errno.Ok)
            Append(ErrorName.Of(entry.Result));
    }

    private void AppendTime()
    {
        bool fits = DateTime.UtcNow.TryFormat(
            _line.AsSpan(_length), out int written, "yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture);
        System.Diagnostics.Debug.Assert(fits, "room for the time was reserved");
        _length += written;
    }

    private void Append(ReadOnlySpan<byte> text)
    {
        text.CopyTo(_line.AsSpan(_length));
        _length += text.Length;
    }

    private void AppendNumber(ReadOnlySpan<byte> name, ulong number)
    {
        Append(name);
        bool fits = number.TryFormat(_line.AsSpan(_length), out int written);
        System.Diagnostics.Debug.Assert(fits, "room for the number was reserved");
        _length += written;
    }

    private void Reserve(int bytes)
    {
        if (_line.Length < bytes)
            Array.Resize(ref _line, bytes);
    }

    private void Write(ReadOnlySpan<byte> line)
    {
        while (!line.IsEmpty)
        {
            nint written = Libc.Write(_descriptor, line);
            if (written == -(int)Errno.EINTR)
                continue;
            if (written <= 0)
            {
                Complain((Errno)(int)-written);
                return;
            }

            line = line[(int)written..];   // Only a full disk or a pipe takes part of a line.
        }
    }

    // Once, for a full disk would bring the same message with each request; the requests themselves go on.
    private void Complain(Errno errno)
    {
        if (!_hasFailed)
            Log.Error(errno, $"logfile: write: {errno.Text()}");
        _hasFailed = true;
    }

    private static ConfigException Failed(string path, int error) =>
        new($"open: {path}: {((Errno)error).Text()}");
}
