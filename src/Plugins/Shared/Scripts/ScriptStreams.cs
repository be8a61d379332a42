// The pipes to and from one run of a script. Not: starting it (ScriptRun), what it prints (ScriptAnswer).

using System;
using NbdFast.Native;

namespace NbdFast.Plugins.Scripts;

/// <summary>Three pipes, served in turns as each of them is ready, so that neither side waits for the other for ever:
/// a script may print before it has read, close its input early, or not read at all.</summary>
internal ref struct ScriptStreams
{
    private const int ChunkBytes = 64 * 1024;
    private const int None = -1;

    private int _input = None;
    private int _output = None;
    private int _errors = None;
    private int _childInput = None;
    private int _childOutput = None;
    private int _childErrors = None;

    public ScriptStreams()
    {
    }

    /// <summary>The script's end of its input, or -1: it gets none.</summary>
    public readonly int ChildInput => _childInput;

    /// <summary>The script's end of its output.</summary>
    public readonly int ChildOutput => _childOutput;

    /// <summary>The script's end of its errors.</summary>
    public readonly int ChildErrors => _childErrors;

    /// <summary>Makes the pipes.</summary>
    public Errno Open(bool withInput)
    {
        Errno errno = Libc.Pipe(out _output, out _childOutput);
        if (errno == Errno.Ok)
            errno = Libc.Pipe(out _errors, out _childErrors);
        if (errno == Errno.Ok && withInput)
            errno = Libc.Pipe(out _childInput, out _input);
        // Room for one byte makes a pipe writable: a write of more would wait for the script.
        if (errno == Errno.Ok && withInput)
            errno = Libc.SetNonBlocking(_input);
        return errno;
    }

    /// <summary>The script has its ends now: those of this process must go, or its end would never be seen.</summary>
    public void CloseChildEnds()
    {
        Close(ref _childInput);
        Close(ref _childOutput);
        Close(ref _childErrors);
    }

    /// <summary>Closes all that is open.</summary>
    public void Close()
    {
        CloseChildEnds();
        Close(ref _input);
        Close(ref _output);
        Close(ref _errors);
    }

    /// <summary>Writes and reads until the script, and whoever has inherited its pipes, has closed output and
    /// errors.</summary>
    /// <param name="input">What the script is to read. If it does not, that is no error.</param>
    /// <param name="target">Takes the first bytes of the output.</param>
    /// <param name="printed">Takes the bytes behind them.</param>
    /// <param name="complaints">Takes the errors.</param>
    /// <param name="filled">How many bytes came into the target.</param>
    public Errno Pump(
        ReadOnlySpan<byte> input, Span<byte> target, BoundedBytes printed, BoundedBytes complaints, out int filled)
    {
        byte[] chunk = new byte[ChunkBytes];
        Span<bool> readable = stackalloc bool[2];
        Errno errno = Errno.Ok;
        filled = 0;
        while (errno == Errno.Ok && (_output >= 0 || _errors >= 0))
        {
            errno = Libc.Poll(_input, [_output, _errors], out bool writable, readable);
            if (errno == Errno.Ok && writable)
                errno = Write(ref input);
            if (errno == Errno.Ok && readable[0])
                errno = ReadOutput(target, chunk, printed, ref filled);
            if (errno == Errno.Ok && readable[1])
                errno = Read(ref _errors, chunk, complaints);
        }

        return errno;
    }

    private Errno Write(ref ReadOnlySpan<byte> input)
    {
        nint count = Libc.Write(_input, input);
        if (count > 0)
            input = input[(int)count..];
        else if (count is not (-(nint)Errno.EAGAIN or -(nint)Errno.EINTR or -(nint)Errno.EPIPE))
            return (Errno)(-count);
        // A script that has closed its input may still succeed.
        if (input.IsEmpty || count == -(nint)Errno.EPIPE)
            Close(ref _input);
        return Errno.Ok;
    }

    private Errno ReadOutput(Span<byte> target, byte[] chunk, BoundedBytes printed, ref int filled)
    {
        Span<byte> rest = target[filled..];
        if (rest.IsEmpty)
            return Read(ref _output, chunk, printed);
        nint count = Libc.Read(_output, rest);
        if (count > 0)
            filled += (int)count;
        return AfterRead(ref _output, count);
    }

    private static Errno Read(ref int descriptor, byte[] chunk, BoundedBytes bytes)
    {
        nint count = Libc.Read(descriptor, chunk);
        if (count > 0)
            bytes.Add(chunk.AsSpan(0, (int)count));
        return AfterRead(ref descriptor, count);
    }

    private static Errno AfterRead(ref int descriptor, nint count)
    {
        if (count == 0)
            Close(ref descriptor);
        return count >= 0 || count == -(nint)Errno.EINTR ? Errno.Ok : (Errno)(-count);
    }

    private static void Close(ref int descriptor)
    {
        if (descriptor >= 0)
            _ = Libc.Close(descriptor);   // A pipe has nothing to say when it is closed.
        descriptor = None;
    }
}
