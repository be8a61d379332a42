// One client at a time. Not: one maker at a time (ExportFolder).

using System;
using NbdFast.Native;
using NbdFast.Plugins.Shared.Files;

namespace NbdFast.Plugins.Ondemand;

/// <summary>Locks disks, against other servers too. Clients that cannot write may share one.</summary>
internal static class DiskLock
{
    // Somebody else's lock gives no sign when it goes.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Takes the lock, which ends when the disk is closed. Errors have been told.</summary>
    /// <param name="disk">The disk.</param>
    /// <param name="name">Its name, for messages.</param>
    /// <param name="wait">Wait for it, until the server ends.</param>
    public static Errno Take(OpenFile disk, string name, bool wait)
    {
        while (true)
        {
            Errno errno = Libc.TryLock(disk.Descriptor, exclusive: disk.CanWrite);
            if (errno is not (Errno.EAGAIN or Errno.EACCES))
                return errno == Errno.Ok ? Errno.Ok : Log.Error(errno, $"{name}: lock: {errno.Text()}");
            if (!wait)
                return Log.Error(Errno.EBUSY, $"{name}: filesystem is locked by another client");
            if (Sleep.For(Pause) is var ended and not Errno.Ok)
                return ended;
        }
    }
}
