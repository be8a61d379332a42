// Child processes whose standard streams are pipes, and waiting for those pipes. Not: children that keep this process's
// own streams (Libc.Spawn), waiting for their end (Libc.Process).

using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;

namespace NbdFast.Native;

public static unsafe partial class Libc
{
    internal const int SetStatusFlags = 4;   // F_SETFL

    /// <summary>Starts a program as <see cref="Spawn(string, IReadOnlyList{string}, int, bool, bool)"/> does, with
    /// other standard streams and one more environment variable.</summary>
    /// <param name="arguments">From argv[0] on, which is also the path of the executable. Each ends at its first NUL
    /// byte, if it has one.</param>
    /// <param name="variable">As "name=value"; takes the place of a variable of the same name.</param>
    /// <param name="input">The child's standard input, or -1 for <c>/dev/null</c>. Greater than 2, as the next
    /// two.</param>
    /// <param name="output">Its standard output.</param>
    /// <param name="errors">Its standard error.</param>
    /// <returns>The child's process number, which must be waited for, or the negated errno.</returns>
    public static int SpawnOnPipes(
        IReadOnlyList<byte[]> arguments, ReadOnlySpan<byte> variable, int input, int output, int errors)
    {
        byte** environment = Environ();
        if (environment == null)
            return -(int)Errno.ENOSYS;
        byte** vector = VectorOf(arguments);
        byte* entry = CopyOf(variable);
        byte** extended = null;
        try
        {
            extended = WithVariable(environment, entry, variable[..(variable.IndexOf((byte)'=') + 1)]);
            SpawnStreams streams = new()
            {
                WithoutInput = input < 0,
                Input = input,
                Output = output,
                Errors = errors,
            };
            return Start(vector[0], vector, extended, streams);
        }
        finally
        {
            NativeMemory.Free(extended);
            NativeMemory.Free(entry);
            FreeVector(vector);
        }
    }

    /// <summary>Starts a program as <see cref="Spawn(string, IReadOnlyList{string}, int, bool, bool)"/> does, with
    /// another standard output.</summary>
    /// <param name="arguments">From argv[0] on, which is also the path of the executable. Each ends at its first NUL
    /// byte, if it has one.</param>
    /// <param name="output">The child's standard output, greater than 2.</param>
    /// <returns>The child's process number, which must be waited for, or the negated errno.</returns>
    public static int SpawnOnPipe(IReadOnlyList<byte[]> arguments, int output)
    {
        byte** environment = Environ();
        if (environment == null)
            return -(int)Errno.ENOSYS;
        byte** vector = VectorOf(arguments);
        try
        {
            return Start(vector[0], vector, environment, new SpawnStreams { Output = output });
        }
        finally
        {
            FreeVector(vector);
        }
    }

    /// <summary>fcntl(2), F_SETFL: reads and writes answer EAGAIN instead of waiting. What the other end of a pipe does
    /// is not changed.</summary>
    public static Errno SetNonBlocking(int descriptor)
    {
        int flags = StatusFlags(descriptor);
        if (flags < 0)
            return (Errno)(-flags);
        return (Errno)(-Result(fcntl(descriptor, SetStatusFlags, flags | OpenFlags.NonBlocking)));
    }

    /// <summary>poll(2), without an end, of one descriptor for writing and others for reading; negative ones are left
    /// out. A descriptor whose other end is gone counts as ready.</summary>
    /// <param name="forWriting">What is to be written to.</param>
    /// <param name="forReading">What is to be read.</param>
    /// <param name="writable">Whether the one can be written to.</param>
    /// <param name="readable">Receives which of the others can be read.</param>
    public static Errno Poll(int forWriting, ReadOnlySpan<int> forReading, out bool writable, Span<bool> readable)
    {
        PollEntry* entries = stackalloc PollEntry[forReading.Length + 1];
        for (int i = 0; i < forReading.Length; i++)
            entries[i] = new PollEntry { Descriptor = forReading[i], Events = PollIn };
        PollEntry* last = entries + forReading.Length;
        *last = new PollEntry { Descriptor = forWriting, Events = PollOut };
        nint result;
        do
            result = Result(poll(entries, (nuint)forReading.Length + 1, -1));
        while (result == -(int)Errno.EINTR);

        for (int i = 0; i < forReading.Length; i++)
            readable[i] = result > 0 && entries[i].Returned != 0;
        writable = result > 0 && last->Returned != 0;
        return result < 0 ? (Errno)(-result) : Errno.Ok;
    }

    // The texts stay where they are, the vector is a new one.
    private static byte** WithVariable(byte** environment, byte* entry, ReadOnlySpan<byte> nameAndSign)
    {
        int count = 0;
        while (environment[count] != null)
            count++;
        byte** extended = (byte**)NativeMemory.AllocZeroed((nuint)count + 2, (nuint)sizeof(byte*));
        int used = 0;
        for (int i = 0; i < count; i++)
            if (!MemoryMarshal.CreateReadOnlySpanFromNullTerminated(environment[i]).StartsWith(nameAndSign))
                extended[used++] = environment[i];
        extended[used] = entry;
        return extended;
    }
}
