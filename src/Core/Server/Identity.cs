// Becoming another user and group after the sockets are bound (-u, -g). Not: who a client is.

using System;
using System.Globalization;
using NbdFast.Native;

namespace NbdFast.Server;

/// <summary>Who the server is to be when it serves.</summary>
/// <param name="User">The user's number, or null to stay.</param>
/// <param name="Group">The group's number, or null to stay.</param>
internal sealed record Identity(uint? User, uint? Group)
{
    // -1 stands for "no change" in some calls and is nobody's number.
    private const uint Nobody = uint.MaxValue;

    /// <summary>Finds the numbers.</summary>
    /// <param name="user">A user's name or number, or null.</param>
    /// <param name="group">A group's name or number, or null.</param>
    /// <exception cref="ConfigException">There is no such user or group.</exception>
    public static Identity Find(string? user, string? group)
    {
        uint? userId = null, groupId = null;
        if (user != null)
            userId = Libc.FindUser(user, out uint found) ? found
                : Number(user) ?? throw new ConfigException($"-u option: {user} is not a valid user name or uid");
        if (group != null)
            groupId = Libc.FindGroup(group, out uint found) ? found
                : Number(group) ?? throw new ConfigException($"-g option: {group} is not a valid group name or gid");
        return new Identity(userId, groupId);
    }

    /// <summary>Becomes it, on every thread; there is no way back. Supplementary groups go.</summary>
    /// <exception cref="ConfigException">This process may not.</exception>
    public void Assume()
    {
        // In this order: whoever has given up being root may not change groups any more.
        if (Group is { } group)
            Require("setgid", Libc.SetGroup(group));
        Errno groups = Libc.SetOnlyGroup(Libc.EffectiveGroupId);
        bool changes = Group != null || User != Libc.EffectiveUserId;
        if (groups != Errno.EPERM || changes)   // Anybody may ask to be who they are.
            Require("setgroups", groups);
        if (User is { } user)
            Require("setuid", Libc.SetUser(user));
        Log.Debug($"changed user and group to {Libc.EffectiveUserId}:{Libc.EffectiveGroupId}");
    }

    private static uint? Number(string text)
    {
        bool isHex = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        NumberStyles style = isHex ? NumberStyles.AllowHexSpecifier : NumberStyles.None;
        return uint.TryParse(isHex ? text.AsSpan(2) : text, style, CultureInfo.InvariantCulture, out uint number)
            && number != Nobody ? number : null;
    }

    private static void Require(string call, Errno errno)
    {
        if (errno != Errno.Ok)
            throw new ConfigException($"{call}: {errno.Text()}");
    }
}
