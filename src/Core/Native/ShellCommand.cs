// A shell command as a child process: posix_spawn(3), waitpid(2). Not: what to do with its exit status, pipes to it.

using System;
using System.Runtime.InteropServices;
using System.Text;

namespace NbdFast.Native;

/// <summary>Starts <c>shell -c script</c>, with standard input from <c>/dev/null</c>, the other streams and the
/// environment as they are, no signal blocked and none ignored. The threads of this process do not care: nothing is
/// forked.</summary>
public static unsafe class ShellCommand
{
    internal const short SetSignalDefaults = 4;
    internal const short SetSignalMask = 8;

    // Larger than posix_spawnattr_t (336 bytes), posix_spawn_file_actions_t (80) and sigset_t (128) of glibc and musl.
    internal const int OpaqueBytes = 512;

    private const int StandardInput = 0;
    /// <summary>Starts a script.</summary>
    /// <param name="shell">The shell's path.</param>
    /// <param name="script">The script; one with a NUL character gets EINVAL.</param>
    /// <returns>The process number, which must be waited for, or the negated errno.</returns>
    public static int Start(string shell, string script)
    {
        if (script.Contains('\0', StringComparison.Ordinal) || shell.Contains('\0', StringComparison.Ordinal))
            return -(int)Errno.EINVAL;
        byte* attributes = stackalloc byte[OpaqueBytes];
        byte* actions = stackalloc byte[OpaqueBytes];
        int error = posix_spawnattr_init(attributes);
        if (error != 0)
            return -error;
        error = posix_spawn_file_actions_init(actions);
        if (error == 0)
        {
            error = Prepare(attributes, actions);
            int process = 0;
            if (error == 0)
                error = Spawn(&process, actions, attributes, shell, script);
            _ = posix_spawn_file_actions_destroy(actions);   // Frees memory; has nothing to say.
            _ = posix_spawnattr_destroy(attributes);
            return error == 0 ? process : -error;
        }

        _ = posix_spawnattr_destroy(attributes);
        return -error;
    }

    /// <summary>Waits for the end of a process that <see cref="Start"/> started.</summary>
    /// <returns>The raw status of waitpid(2), or the negated errno.</returns>
    public static int Wait(int process)
    {
        int status;
        while (waitpid(process, &status, 0) < 0)
        {
            int error = Marshal.GetLastSystemError();
            if (error != (int)Errno.EINTR)
                return -error;
        }

        return status;
    }

    private static int Prepare(byte* attributes, byte* actions)
    {
        byte* signals = stackalloc byte[OpaqueBytes];
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
        error = posix_spawnattr_setflags(attributes, SetSignalDefaults | SetSignalMask);
        if (error != 0)
            return error;
        fixed (byte* nothing = "/dev/null\0"u8)
            return posix_spawn_file_actions_addopen(actions, StandardInput, nothing, OpenFlags.ReadOnly, 0);
    }

    private static int Spawn(int* process, byte* actions, byte* attributes, string shell, string script)
    {
        fixed (byte* path = Encoding.UTF8.GetBytes(shell + '\0'), text = Encoding.UTF8.GetBytes(script + '\0'))
        fixed (byte* name = "sh\0"u8, option = "-c\0"u8, environ = "environ\0"u8)
        {
            byte** arguments = stackalloc byte*[] { name, option, text, null };
            byte*** environment = (byte***)dlsym(0, environ);   // The C library's, which units may have changed.
            return environment == null
                ? (int)Errno.ENOSYS
                : posix_spawn(process, path, actions, attributes, arguments, *environment);
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
    private static extern int posix_spawn_file_actions_addopen(
        byte* file_actions, int fildes, byte* path, int oflag, uint mode);

    [DllImport("libc")]
    private static extern int sigemptyset(byte* set);

    [DllImport("libc")]
    private static extern int sigfillset(byte* set);

    [DllImport("libc")]
    private static extern int waitpid(int pid, int* wstatus, int options);

    [DllImport("libc")]
    private static extern nint dlsym(nint handle, byte* symbol);
}
