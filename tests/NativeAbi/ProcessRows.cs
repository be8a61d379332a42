// What Libc.Spawn, Libc.Identity, Libc.Exists, Libc.Thread, Libc.Connect and Libc.Sleep say to the system. Not: files
// (FileRows).

using System.Collections.Generic;
using NbdFast.Native;

namespace NbdFast.NativeAbi;

/// <summary>Child processes, threads and sleeping.</summary>
internal static class ProcessRows
{
    private const string Spawn = "spawn.h";

    public static IEnumerable<NativeConstant> All { get; } =
    [
        new("POSIX_SPAWN_SETSIGDEF", Spawn, Libc.SpawnSignalDefaults),
        new("POSIX_SPAWN_SETSIGMASK", Spawn, Libc.SpawnSignalMask),
        new("F_SETFL", "fcntl.h", Libc.SetStatusFlags),
        new($"sizeof(posix_spawnattr_t) <= {Libc.SpawnOpaqueBytes}", Spawn, 1),
        new($"sizeof(posix_spawn_file_actions_t) <= {Libc.SpawnOpaqueBytes}", Spawn, 1),
        new($"sizeof(sigset_t) <= {Libc.SpawnOpaqueBytes}", "signal.h", 1),
        NativeConstant.Offset<Libc.UserEntry>("struct passwd", "pw_uid", "pwd.h", "User"),
        NativeConstant.Offset<Libc.GroupEntry>("struct group", "gr_gid", "grp.h", "Group"),
        NativeConstant.MemberSize("struct passwd", "pw_uid", "pwd.h", sizeof(uint)),
        NativeConstant.MemberSize("struct group", "gr_gid", "grp.h", sizeof(uint)),
        new("F_OK", "unistd.h", Libc.FileExists),
        new("RUSAGE_THREAD", "sys/resource.h", Libc.RusageThread),
        NativeConstant.Size<Libc.ResourceUsage>("struct rusage", "sys/resource.h"),
        NativeConstant.Offset<Libc.ResourceUsage>(
            "struct rusage", "ru_nivcsw", "sys/resource.h", "InvoluntarySwitches"),
        new("SOL_SOCKET", "sys/socket.h", Libc.SocketLevel),
        new("SO_ERROR", "sys/socket.h", Libc.SocketError),
        new("SO_SNDTIMEO", "sys/socket.h", Libc.SendTimeout),
        new("EISCONN", "errno.h", Libc.IsConnected),
        new("EALREADY", "errno.h", Libc.HasBegun),
        new("EINPROGRESS", "errno.h", Libc.GoesOn),
        new("SYS_pidfd_open", "sys/syscall.h", Libc.OpenProcess),
        new("SO_ACCEPTCONN", "sys/socket.h", Libc.SocketListens),
        NativeConstant.Size<Libc.TimeParts>("struct timespec", "time.h"),
        NativeConstant.Offset<Libc.TimeParts>("struct timespec", "tv_sec", "time.h", "Seconds"),
        NativeConstant.Offset<Libc.TimeParts>("struct timespec", "tv_nsec", "time.h", "Nanoseconds"),
    ];
}
