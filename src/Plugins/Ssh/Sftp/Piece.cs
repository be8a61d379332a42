// A part of a request that goes as one message. Not: the request (FileRequest).

namespace NbdFast.Plugins.Ssh.Sftp;

/// <summary>What one message asks for, and the memory for it.</summary>
internal sealed class Piece(uint place)
{
    /// <summary>Which it is in its table.</summary>
    public uint Place => place;

    /// <summary>What messages about it carry.</summary>
    public uint Id { get; set; }

    /// <summary>The request, or null while it is used for none.</summary>
    public FileRequest? Owner { get; set; }

    /// <summary>Where the data goes, or is.</summary>
    public nint Address { get; set; }

    /// <summary>Its place in the file.</summary>
    public ulong Offset { get; set; }

    /// <summary>Bytes, without those that have come.</summary>
    public int Length { get; set; }

    /// <summary>The next in a list.</summary>
    public Piece? Next { get; set; }

    /// <summary>Some of its bytes have come.</summary>
    [HotPath]
    public void Advance(int count)
    {
        Address += count;
        Offset += (ulong)count;
        Length -= count;
    }
}
