// Starting child processes: posix_spawn(3). Not: waiting for them (Libc.Process); no fork, which a process with threads
// does not survive whole.

using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;

namespace NbdFast.Native;

public static unsafe partial class Libc
{
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
    /// <returns>The child's process number, which must be waited for, or the negated errno.</returns>
    public static int Spawn(
        string program, IReadOnlyList<string> arguments, int inherited = -1, bool withoutInput = false)
    {
        if (HasNul(program) || arguments.Any(HasNul))
            return -(int)Errno.EINVAL;
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
                error = PrepareSpawnActions(actions, inherited, withoutInput);
            if (error == 0)
                error = Spawn(&process, actions, attributes, program, arguments);
            _ = posix_spawn_file_actions_destroy(actions);   // Frees memory; has nothing to say.
            error = error == 0 ? -process : error;
        }

        _ = posix_spawnattr_destroy(attributes);
        return -error;
    }

    private static bool HasNul(string text) => text.Contains('\0', StringComparison.Ordinal);

    private static int PrepareSpawn(byte* attributes)
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
        return posix_spawnattr_setflags(attributes, SpawnSignalDefaults | SpawnSignalMask);
    }

    private static int PrepareSpawnActions(byte* actions, int inherited, bool withoutInput)
    {
        int error = 0;
        // A dup2 of a descriptor onto itself only clears its close-on-exec flag, in the child.
        if (inherited >= 0)
            error = posix_spawn_file_actions_adddup2(actions, inherited, inherited);
        if (error != 0 || !withoutInput)
            return error;
        fixed (byte* nothing = "/dev/null\0"u8)
            return posix_spawn_file_actions_addopen(actions, 0, nothing, OpenFlags.ReadOnly, 0);
    }

    private static int Spawn(
        int* process, byte* actions, byte* attributes, string program, IReadOnlyList<string> arguments)
    {
        byte** environment = Environ();
        if (environment == null)
            return (int)Errno.ENOSYS;
        byte** vector = (byte**)NativeMemory.AllocZeroed((nuint)arguments.Count + 1, (nuint)sizeof(byte*));
        byte* path = Utf8StringMarshaller.ConvertToUnmanaged(program);
        try
        {
            for (int i = 0; i < arguments.Count; i++)
                vector[i] = Utf8StringMarshaller.ConvertToUnmanaged(arguments[i]);
            return posix_spawn(process, path, actions, attributes, vector, environment);
        }
        finally
        {
            for (int i = 0; i < arguments.Count; i++)
                Utf8StringMarshaller.Free(vector[i]);
            Utf8StringMarshaller.Free(path);
            NativeMemory.Free(vector);
        }
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
}
