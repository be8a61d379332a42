// Users and groups: their numbers, and becoming one of them. Not: who a client is (Transport/PeerIdentity).

using System.Runtime.InteropServices;
using System.Text;

namespace NbdFast.Native;

public static unsafe partial class Libc
{
    /// <summary>geteuid(2).</summary>
    public static uint EffectiveUserId => geteuid();

    /// <summary>getegid(2).</summary>
    public static uint EffectiveGroupId => getegid();

    /// <summary>getpwnam(3). Not to be called by two threads at once.</summary>
    /// <param name="name">A user's name.</param>
    /// <param name="user">The user's number.</param>
    /// <returns>Whether the system knows the user.</returns>
    public static bool FindUser(string name, out uint user)
    {
        fixed (byte* text = Encoding.UTF8.GetBytes(name + '\0'))
        {
            UserEntry* entry = getpwnam(text);
            user = entry == null ? 0 : entry->User;
            return entry != null;
        }
    }

    /// <summary>getgrnam(3). Not to be called by two threads at once.</summary>
    /// <param name="name">A group's name.</param>
    /// <param name="group">The group's number.</param>
    /// <returns>Whether the system knows the group.</returns>
    public static bool FindGroup(string name, out uint group)
    {
        fixed (byte* text = Encoding.UTF8.GetBytes(name + '\0'))
        {
            GroupEntry* entry = getgrnam(text);
            group = entry == null ? 0 : entry->Group;
            return entry != null;
        }
    }

    /// <summary>setuid(2) on every thread, which the C library sees to.</summary>
    public static Errno SetUser(uint user) => (Errno)(-Result(setuid(user)));

    /// <summary>setgid(2) on every thread.</summary>
    public static Errno SetGroup(uint group) => (Errno)(-Result(setgid(group)));

    /// <summary>setgroups(2) on every thread: this group is the only supplementary one.</summary>
    public static Errno SetOnlyGroup(uint group) => (Errno)(-Result(setgroups(1, &group)));

    /// <summary>lchown(2).</summary>
    /// <param name="path">The file; of a symbolic link, the link itself.</param>
    /// <param name="user">The new owner, or uint.MaxValue for no change.</param>
    /// <param name="group">The new group, or uint.MaxValue for no change.</param>
    public static Errno ChangeOwner(string path, uint user, uint group)
    {
        fixed (byte* text = Encoding.UTF8.GetBytes(path + '\0'))
            return (Errno)(-Result(lchown(text, user, group)));
    }

#pragma warning disable CS0649 // The C library writes them.
    /// <summary>The beginning of struct passwd.</summary>
    internal struct UserEntry
    {
        public byte* Name;
        public byte* Password;
        public uint User;
    }

    /// <summary>The beginning of struct group.</summary>
    internal struct GroupEntry
    {
        public byte* Name;
        public byte* Password;
        public uint Group;
    }
#pragma warning restore CS0649

    [DllImport("libc")]
    private static extern uint geteuid();

    [DllImport("libc")]
    private static extern uint getegid();

    [DllImport("libc")]
    private static extern UserEntry* getpwnam(byte* name);

    [DllImport("libc")]
    private static extern GroupEntry* getgrnam(byte* name);

    [DllImport("libc")]
    private static extern int lchown(byte* path, uint owner, uint group);

    [DllImport("libc")]
    private static extern int setuid(uint uid);

    [DllImport("libc")]
    private static extern int setgid(uint gid);

    [DllImport("libc")]
    private static extern int setgroups(nuint size, uint* list);
}
