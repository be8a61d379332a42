// The value of label=. Not: where it is written (BootSectors, FatDirectory).

using System;
using System.Text;
using NbdFast.Values;

namespace NbdFast.Plugins.Floppy;

/// <summary>The name of a FAT volume.</summary>
public readonly record struct VolumeLabel : IValue<VolumeLabel>
{
    /// <summary>Bytes of a label on the disk.</summary>
    internal const int Bytes = 11;

    private const string Nothing = "NO NAME";
    private const string Forbidden = "\"*/:<>?\\|+,.;=[]";

    private readonly string? _text;

    private VolumeLabel(string text) => _text = text;

    /// <summary>The default, written as fits into 11 characters.</summary>
    public static VolumeLabel Default { get; } = new("NBDKITFLOPY");

    /// <summary>There is a name.</summary>
    internal bool IsGiven => _text is { Length: > 0 };

    /// <summary>Parses up to 11 printable ASCII characters but those that FAT does not allow; none at all for no
    /// name.</summary>
    /// <exception cref="ConfigException">Too many, or others.</exception>
    public static VolumeLabel Parse(string value)
    {
        if (value.Length > Bytes)
            throw new ConfigException($"the volume label may have {Bytes} characters at most: {value}");
        foreach (char letter in value)
            if (letter is < ' ' or > '~' || Forbidden.Contains(letter, StringComparison.Ordinal))
                throw new ConfigException($"the volume label cannot have the character '{letter}'");
        return new VolumeLabel(value.TrimEnd(' '));
    }

    /// <summary>Writes it, with blanks behind.</summary>
    internal void WriteTo(Span<byte> field)
    {
        field[..Bytes].Fill((byte)' ');
        Encoding.ASCII.GetBytes(IsGiven ? _text! : Nothing, field);
    }
}
