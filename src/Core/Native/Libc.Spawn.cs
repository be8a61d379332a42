// Starting child processes: posix_spawn(3). Not: waiting for them (Libc.Process); no fork, which a process with threads
// does not survive whole.

using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text;

namespace NbdFast.Native;

public static unsafe partial class Libc
{
    internal const short SpawnGroup = 2;            // POSIX_SPAWN_SETPGROUP; the group is the child's own by default.
    internal const short SpawnSignalDefaults = 4;   // POSIX_SPAWN_SETSIGDEF
    internal const short SpawnSignalMask = 8;       // POSIX_SPAWN_SETSIGMASK

    // Larger than posix_spawnattr_t (336 bytes), posix_spawn_file_actions_t (80) and sigset_t (128) of glibc and musl.
    internal const int SpawnOpaqueBytes = 512;

    /// <summary>Starts a program with this process's environment and standard streams, no signal blocked and none
    /// ignored. Other descriptors are closed on exec unless named.</summary>
    /// <param name="program">The path of the executable.</param>
    /// <param name="arguments">From argv[0] on. One with a NUL character gets EINVAL.</param>
    /// <param name="inherited">A descriptor that stays open under its number although it is closed on exec, or
    /// -1.</param>
    /// <param name="withoutInput">Standard input comes from <c>/dev/null</c>.</param>
    /// <param name="ownGroup">It leads a process group of its own, so that it can be ended with all that it has
    /// started.</param>
    /// <returns>The child's process number, which must be waited for, or the negated errno.</returns>
    public static int Spawn(
        string program, IReadOnlyList<string> arguments, int inherited = -1, bool withoutInput = false,
        bool ownGroup = false)
    {
        if (arguments.Any(HasNul))
            return -(int)Errno.EINVAL;
        return Spawn(program, [.. arguments.Select(Encoding.UTF8.GetBytes)], inherited, withoutInput, ownGroup);
    }

    /// <summary>Starts a program as <see cref="Spawn(string, IReadOnlyList{string}, int, bool, bool)"/> does, with
    /// arguments that need not be text. Each ends at its first NUL byte, if it has one.</summary>
    public static int Spawn(
        string program, IReadOnlyList<byte[]> arguments, int inherited = -1, bool withoutInput = false,
        bool ownGroup = false)
    {
        if (HasNul(program))
            return -(int)Errno.EINVAL;
        byte** environment = Environ();
        if (environment == null)
            return -(int)Errno.ENOSYS;
        byte** vector = VectorOf(arguments);
        byte* path = CopyOf(Encoding.UTF8.GetBytes(program));
        try
        {
            SpawnStreams streams = new() { Inherited = inherited, WithoutInput = withoutInput, OwnGroup = ownGroup };
            return Start(path, vector, environment, streams);
        }
        finally
        {
            NativeMemory.Free(path);
            FreeVector(vector);
        }
    }

    // The child's process number, or the negated errno.
    private static int Start(byte* path, byte** arguments, byte** environment, in SpawnStreams streams)
    {
        byte* attributes = stackalloc byte[SpawnOpaqueBytes];
        byte* actions = stackalloc byte[SpawnOpaqueBytes];
        int error = posix_spawnattr_init(attributes);
        if (error != 0)
            return -error;
        int process = 0;
        error = posix_spawn_file_actions_init(actions);
        if (error == 0)
        {
            error = PrepareSpawn(attributes, streams.OwnGroup);
            if (error == 0)
                error = PrepareSpawnActions(actions, streams);
            if (error == 0)
                error = posix_spawn(&process, path, actions, attributes, arguments, environment);
            _ = posix_spawn_file_actions_destroy(actions);   // Frees memory; has nothing to say.
        }

        _ = posix_spawnattr_destroy(attributes);
        return error == 0 ? process : -error;
    }

    private static bool HasNul(string text) => text.Contains('\0', StringComparison.Ordinal);

    private static int PrepareSpawn(byte* attributes, bool ownGroup)
    {
        byte* signals = stackalloc byte[SpawnOpaqueBytes];
        if (sigemptyset(signals) != 0)
            return Marshal.GetLastSystemError();
        int error = posix_spawnattr_setsigmask(attributes, signals);
        if (error != 0)
            return error;
        if (sigfillset(signals) != 0)
            return Marshal.GetLastSystemError();
        error = posix_spawnattr_setsigdefault(attributes, signals);
        if (error != 0)
            return error;
        short flags = SpawnSignalDefaults | SpawnSignalMask;
        return posix_spawnattr_setflags(attributes, ownGroup ? (short)(flags | SpawnGroup) : flags);
    }

    private static int PrepareSpawnActions(byte* actions, in SpawnStreams streams)
    {
        int error = 0;
        // A dup2 of a descriptor onto itself only clears its close-on-exec flag, in the child.
        if (streams.Inherited >= 0)
            error = posix_spawn_file_actions_adddup2(actions, streams.Inherited, streams.Inherited);
        if (error == 0 && streams.WithoutInput)
            fixed (byte* nothing = "/dev/null\0"u8)
                error = posix_spawn_file_actions_addopen(actions, 0, nothing, OpenFlags.ReadOnly, 0);
        if (error == 0 && streams.Input >= 0)
            error = posix_spawn_file_actions_adddup2(actions, streams.Input, 0);
        if (error == 0 && streams.Output >= 0)
            error = posix_spawn_file_actions_adddup2(actions, streams.Output, 1);
        if (error == 0 && streams.Errors >= 0)
            error = posix_spawn_file_actions_adddup2(actions, streams.Errors, 2);
        if (error == 0 && streams.Fourth >= 0)
            error = posix_spawn_file_actions_adddup2(actions, streams.Fourth, 3);
        return error;
    }

    private static byte** VectorOf(IReadOnlyList<byte[]> texts)
    {
        byte** vector = (byte**)NativeMemory.AllocZeroed((nuint)texts.Count + 1, (nuint)sizeof(byte*));
        for (int i = 0; i < texts.Count; i++)
            vector[i] = CopyOf(texts[i]);
        return vector;
    }

    private static void FreeVector(byte** vector)
    {
        for (byte** text = vector; *text != null; text++)
            NativeMemory.Free(*text);
        NativeMemory.Free(vector);
    }

    private static byte* CopyOf(ReadOnlySpan<byte> text)
    {
        byte* copy = (byte*)NativeMemory.AllocZeroed((nuint)text.Length + 1);
        text.CopyTo(new Span<byte>(copy, text.Length));
        return copy;
    }

    // The C library's own, which units may have changed; .NET works on a copy.
    private static byte** Environ()
    {
        fixed (byte* name = "environ\0"u8)
        {
            byte*** place = (byte***)dlsym(0, name);
            return place == null ? null : *place;
        }
    }

    [DllImport("libc")]
    private static extern int posix_spawn(
        int* pid, byte* path, byte* file_actions, byte* attrp, byte** argv, byte** envp);

    [DllImport("libc")]
    private static extern int posix_spawnattr_init(byte* attr);

    [DllImport("libc")]
    private static extern int posix_spawnattr_destroy(byte* attr);

    [DllImport("libc")]
    private static extern int posix_spawnattr_setflags(byte* attr, short flags);

    [DllImport("libc")]
    private static extern int posix_spawnattr_setsigmask(byte* attr, byte* sigmask);

    [DllImport("libc")]
    private static extern int posix_spawnattr_setsigdefault(byte* attr, byte* sigdefault);

    [DllImport("libc")]
    private static extern int posix_spawn_file_actions_init(byte* file_actions);

    [DllImport("libc")]
    private static extern int posix_spawn_file_actions_destroy(byte* file_actions);

    [DllImport("libc")]
    private static extern int posix_spawn_file_actions_adddup2(byte* file_actions, int fildes, int newfildes);

    [DllImport("libc")]
    private static extern int posix_spawn_file_actions_addopen(
        byte* file_actions, int fildes, byte* path, int oflag, uint mode);

    [DllImport("libc")]
    private static extern int sigemptyset(byte* set);

    [DllImport("libc")]
    private static extern int sigfillset(byte* set);

    [DllImport("libc")]
    private static extern nint dlsym(nint handle, byte* symbol);

    /// <summary>What becomes of the descriptors of a child, where -1 leaves a stream as it is, and of its
    /// group.</summary>
    private readonly struct SpawnStreams()
    {
        public int Inherited { get; init; } = -1;

        public bool WithoutInput { get; init; }

        public bool OwnGroup { get; init; }

        public int Input { get; init; } = -1;

        public int Output { get; init; } = -1;

        public int Errors { get; init; } = -1;

        public int Fourth { get; init; } = -1;
    }
}
