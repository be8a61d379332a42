// What an SFTP server tells of a file. Not: asking (SftpTalk).

namespace NbdFast.Plugins.Ssh.Sftp;

/// <summary>Size and type (draft-ietf-secsh-filexfer-02, section 5). Types are told by the bits of st_mode, if at
/// all.</summary>
/// <param name="Size">In bytes, or null if the server does not tell.</param>
/// <param name="Mode">Type and permissions, or 0.</param>
internal readonly record struct RemoteAttributes(ulong? Size, uint Mode)
{
    /// <summary>The attributes begin with a size.</summary>
    public const uint HasSize = 0x1;

    /// <summary>They have an owner and a group.</summary>
    public const uint HasOwner = 0x2;

    /// <summary>They have permissions.</summary>
    public const uint HasMode = 0x4;

    private const uint TypeMask = 0xf000;
    private const uint Directory = 0x4000;
    private const uint BlockDevice = 0x6000;

    /// <summary>It is a directory.</summary>
    public bool IsDirectory => (Mode & TypeMask) == Directory;

    /// <summary>It is a block device, whose size is told as 0.</summary>
    public bool IsBlockDevice => (Mode & TypeMask) == BlockDevice;

    /// <summary>Reads what is in a message.</summary>
    public static RemoteAttributes Read(ref MessageReader message)
    {
        uint present = message.Number();
        ulong? size = (present & HasSize) != 0 ? message.LongNumber() : null;
        if ((present & HasOwner) != 0)
            message.LongNumber();
        return new RemoteAttributes(size, (present & HasMode) != 0 ? message.Number() : 0);
    }
}
