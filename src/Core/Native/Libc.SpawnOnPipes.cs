// Child processes whose standard streams are pipes, and waiting for those pipes. Not: children that keep this process's
// own streams (Libc.Spawn), waiting for their end (Libc.Process).

using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;

namespace NbdFast.Native;

public static unsafe partial class Libc
{
    internal const int SetStatusFlags = 4;   // F_SETFL

    /// <summary>Starts a program as <see cref="Spawn(string, IReadOnlyList{string}, int, bool)"/> does, with other
    /// standard streams and one more environment variable.</summary>
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
        byte* attributes = stackalloc byte[SpawnOpaqueBytes];
        byte* actions = stackalloc byte[SpawnOpaqueBytes];
        int error = posix_spawnattr_init(attributes);
        if (error != 0)
            return -error;
        error = posix_spawn_file_actions_init(actions);
        if (error == 0)
        {
            int process = 0;
            error = PrepareSpawn(attributes);
            if (error == 0)
                error = input < 0
                    ? PrepareSpawnActions(actions, inherited: -1, withoutInput: true)
                    : posix_spawn_file_actions_adddup2(actions, input, 0);
            if (error == 0)
                error = posix_spawn_file_actions_adddup2(actions, output, 1);
            if (error == 0)
                error = posix_spawn_file_actions_adddup2(actions, errors, 2);
            if (error == 0)
                error = SpawnWith(&process, actions, attributes, arguments, variable);
            _ = posix_spawn_file_actions_destroy(actions);   // Frees memory; has nothing to say.
            error = error == 0 ? -process : error;
        }

        _ = posix_spawnattr_destroy(attributes);
        return -error;
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

    private static int SpawnWith(
        int* process, byte* actions, byte* attributes, IReadOnlyList<byte[]> arguments, ReadOnlySpan<byte> variable)
    {
        byte** environment = Environ();
        if (environment == null)
            return (int)Errno.ENOSYS;
        byte** vector = VectorOf(arguments);
        byte* entry = CopyOf(variable);
        byte** extended = null;
        try
        {
            extended = WithVariable(environment, entry, variable[..(variable.IndexOf((byte)'=') + 1)]);
            return posix_spawn(process, vector[0], actions, attributes, vector, extended);
        }
        finally
        {
            NativeMemory.Free(extended);
            NativeMemory.Free(entry);
            for (byte** text = vector; *text != null; text++)
                NativeMemory.Free(*text);
            NativeMemory.Free(vector);
        }
    }

    private static byte** VectorOf(IReadOnlyList<byte[]> texts)
    {
        byte** vector = (byte**)NativeMemory.AllocZeroed((nuint)texts.Count + 1, (nuint)sizeof(byte*));
        for (int i = 0; i < texts.Count; i++)
            vector[i] = CopyOf(texts[i]);
        return vector;
    }

    private static byte* CopyOf(ReadOnlySpan<byte> text)
    {
        byte* copy = (byte*)NativeMemory.AllocZeroed((nuint)text.Length + 1);
        text.CopyTo(new Span<byte>(copy, text.Length));
        return copy;
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
