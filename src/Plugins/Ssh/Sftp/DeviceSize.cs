// Finds the size of a block device by reading, for SFTP has no other way: its attributes say 0. Not: reading
// (SftpTalk).

namespace NbdFast.Plugins.Ssh.Sftp;

/// <summary>Looks for the last sector.</summary>
internal static class DeviceSize
{
    private const ulong SectorBytes = 512;
    private const int MostSectorBits = 53;   // Of 2^62 bytes: the next power is no offset of a file any more.

    /// <summary>Asks some 80 times at most; for a device of 1 TiB some 60 times.</summary>
    /// <returns>Bytes, a multiple of 512.</returns>
    /// <exception cref="SftpException">The device cannot be read.</exception>
    public static ulong Find(SftpTalk talk, byte[] handle)
    {
        int bits = 0;
        while (bits < MostSectorBits && talk.HasByte(handle, SectorBytes << bits))
            bits++;
        if (bits == 0)
            return talk.HasByte(handle, 0) ? SectorBytes : 0;

        ulong present = 1UL << (bits - 1);   // A sector that is there.
        ulong missing = 1UL << bits;
        while (missing - present > 1)
        {
            ulong middle = present + ((missing - present) / 2);
            if (talk.HasByte(handle, middle * SectorBytes))
                present = middle;
            else
                missing = middle;
        }

        return missing * SectorBytes;
    }
}
