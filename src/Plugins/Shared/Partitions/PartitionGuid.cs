// Numbers for disks and partitions that stay the same from one start of the server to the next. Not: the types of
// partitions, which others have chosen.

using System;
using System.Security.Cryptography;
using System.Text;

namespace NbdFast.Plugins.Shared.Partitions;

/// <summary>
/// GUIDs made from what names the thing: who mounts by PARTUUID finds the same one when the server has been started
/// again, and two disks have different ones.
/// </summary>
internal static class PartitionGuid
{
    private const byte VersionMask = 0x0f;
    private const byte Version = 0x80;    // RFC 9562: version 8, made in a way of one's own.
    private const byte VariantMask = 0x3f;
    private const byte Variant = 0x80;

    /// <summary>The GUID of a name.</summary>
    /// <param name="name">Any text, as the path of the file and its place among others.</param>
    public static Guid Of(string name)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(name));
        hash[6] = (byte)((hash[6] & VersionMask) | Version);
        hash[8] = (byte)((hash[8] & VariantMask) | Variant);
        return new Guid(hash.AsSpan(0, 16), bigEndian: true);
    }
}
