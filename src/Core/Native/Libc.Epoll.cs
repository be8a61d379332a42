// epoll(7). Not: who is served when (Drivers).

using System;
using System.Runtime.InteropServices;

namespace NbdFast.Native;

public static unsafe partial class Libc
{
    private const int EpollCloseOnExec = 0x80000;
    private const int EpollControlAdd = 1;
    private const int EpollControlRemove = 2;
    private const int EpollControlModify = 3;
    private const uint EpollIn = 1;
    private const uint EpollOut = 4;
    private const int MostEpollEvents = 256;
    private const int EpollLongestEvent = 16;

    // struct epoll_event is packed on x86-64 and nowhere else.
    private static readonly bool EpollIsPacked = RuntimeInformation.ProcessArchitecture == Architecture.X64;
    private static readonly int EpollEventBytes = EpollIsPacked ? 12 : 16;
    private static readonly int EpollTagAt = EpollIsPacked ? 4 : 8;

    /// <summary>epoll_create1(2), closed on exec.</summary>
    /// <returns>The descriptor, or the negated errno.</returns>
    public static int EpollDescriptor() => (int)Result(epoll_create1(EpollCloseOnExec));

    /// <summary>epoll_ctl(2) EPOLL_CTL_ADD: tells, as long as it is so, that a descriptor is readable.</summary>
    /// <param name="epoll">The epoll descriptor.</param>
    /// <param name="descriptor">What to wait for.</param>
    /// <param name="tag">What <see cref="EpollWait"/> calls it.</param>
    public static Errno EpollAdd(int epoll, int descriptor, int tag) =>
        EpollControl(epoll, EpollControlAdd, descriptor, tag, EpollIn);

    /// <summary>epoll_ctl(2) EPOLL_CTL_ADD or EPOLL_CTL_MOD: tells, as long as it is so, that a descriptor is readable,
    /// writable or either.</summary>
    /// <param name="epoll">The epoll descriptor.</param>
    /// <param name="descriptor">What to wait for; it may be watched already.</param>
    /// <param name="tag">What <see cref="EpollWait"/> calls it.</param>
    /// <param name="reads">Tell that it is readable.</param>
    /// <param name="writes">Tell that it is writable.</param>
    [HotPath]
    public static Errno EpollWatch(int epoll, int descriptor, int tag, bool reads, bool writes)
    {
        uint events = (reads ? EpollIn : 0) | (writes ? EpollOut : 0);
        Errno errno = EpollControl(epoll, EpollControlAdd, descriptor, tag, events);
        return errno == Errno.EEXIST ? EpollControl(epoll, EpollControlModify, descriptor, tag, events) : errno;
    }

    /// <summary>epoll_ctl(2) EPOLL_CTL_DEL.</summary>
    public static Errno EpollRemove(int epoll, int descriptor)
    {
        byte* unused = stackalloc byte[EpollLongestEvent];
        return (Errno)(-Result(epoll_ctl(epoll, EpollControlRemove, descriptor, unused)));
    }

    /// <summary>epoll_wait(2).</summary>
    /// <param name="epoll">The epoll descriptor.</param>
    /// <param name="tags">Receives the tags of what is readable, broken or closed; at most 256 are of use.</param>
    /// <param name="timeoutMs">Milliseconds, -1 for ever.</param>
    /// <returns>How many, or the negated errno.</returns>
    [HotPath]
    public static int EpollWait(int epoll, Span<int> tags, int timeoutMs)
    {
        byte* events = stackalloc byte[MostEpollEvents * EpollLongestEvent];
        int count = (int)Result(epoll_wait(epoll, events, Math.Min(tags.Length, MostEpollEvents), timeoutMs));
        for (int i = 0; i < count; i++)
            tags[i] = *(int*)(events + (i * EpollEventBytes) + EpollTagAt);
        return count;
    }

    [HotPath]
    private static Errno EpollControl(int epoll, int operation, int descriptor, int tag, uint events)
    {
        byte* wanted = stackalloc byte[EpollLongestEvent];
        *(uint*)wanted = events;
        *(int*)(wanted + EpollTagAt) = tag;
        return (Errno)(-Result(epoll_ctl(epoll, operation, descriptor, wanted)));
    }

    [DllImport("libc")]
    private static extern int epoll_create1(int flags);

    [DllImport("libc")]
    private static extern int epoll_ctl(int epfd, int op, int fd, byte* @event);

    [DllImport("libc")]
    private static extern int epoll_wait(int epfd, byte* events, int maxevents, int timeout);
}
