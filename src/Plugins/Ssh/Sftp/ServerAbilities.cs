// What an SFTP server can do beyond the protocol's version. Not: asking it (SftpTalk).

using System;

namespace NbdFast.Plugins.Ssh.Sftp;

/// <summary>Extensions, and the sizes of reads and writes that a server takes.</summary>
internal sealed class ServerAbilities
{
    /// <summary>OpenSSH's request for a server's limits.</summary>
    public const string Limits = "limits@openssh.com";

    /// <summary>OpenSSH's request to bring what was written to stable storage.</summary>
    public const string Sync = "fsync@openssh.com";

    /// <summary>The same, as it is sent.</summary>
    public static ReadOnlySpan<byte> SyncName => "fsync@openssh.com"u8;

    // What every server takes (draft-ietf-secsh-filexfer-02, section 3), and the most of OpenSSH's.
    private const uint CommonBytes = 32 << 10;
    private const uint MostBytes = SftpTalk.MostMessageBytes - 1024;

    /// <summary>It can tell its limits.</summary>
    public bool HasLimits { get; private set; }

    /// <summary>It can flush.</summary>
    public bool HasSync { get; init; }

    /// <summary>The most bytes that a read may ask for.</summary>
    public uint ReadBytes { get; private set; } = CommonBytes;

    /// <summary>The most bytes that a write may have.</summary>
    public uint WriteBytes { get; private set; } = CommonBytes;

    /// <summary>Reads the names that follow on the server's version.</summary>
    public static ServerAbilities Read(ref MessageReader message)
    {
        bool hasLimits = false;
        bool hasSync = false;
        while (!message.IsAtEnd)
        {
            string name = message.Text();
            string version = message.Text();
            Log.Debug($"SFTP server: {name} {version}");
            hasLimits |= name == Limits && version == "1";
            hasSync |= name == Sync && version == "1";
        }

        return new ServerAbilities { HasLimits = hasLimits, HasSync = hasSync };
    }

    /// <summary>Reads the answer to <see cref="Limits"/>. Zero stands for a limit that is not told.</summary>
    public void ReadLimits(ref MessageReader message)
    {
        message.LongNumber();   // The longest message.
        ReadBytes = Bounded(message.LongNumber());
        WriteBytes = Bounded(message.LongNumber());
    }

    private static uint Bounded(ulong told) => told == 0 ? CommonBytes : (uint)Math.Clamp(told, 512, MostBytes);
}
