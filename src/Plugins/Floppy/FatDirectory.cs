// The bytes of one directory. Not: where it lies (FatVolume), how names are found (ShortNames, LongName).

using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Text;

namespace NbdFast.Plugins.Floppy;

/// <summary>Entries of 32 bytes, those of long names before the one that they belong to.</summary>
internal sealed class FatDirectory
{
    /// <summary>Bytes of an entry.</summary>
    public const int EntryBytes = 32;

    private const int MostEntries = 65536;
    private const byte LabelAttribute = 0x08;
    private const byte FolderAttribute = 0x10;
    private const byte FileAttribute = 0x20;

    private readonly HostEntry _folder;
    private readonly HostEntry? _parent;
    private readonly VolumeLabel? _label;
    private readonly string[] _longNames;
    private readonly string[] _shortNames;
    private int _written;

    /// <summary>Finds the names of a directory.</summary>
    /// <param name="folder">The directory.</param>
    /// <param name="parent">The one that it is in; null for the root.</param>
    /// <param name="label">For the root, the name of the volume.</param>
    /// <exception cref="ConfigException">There are more entries than a directory may have.</exception>
    public FatDirectory(HostEntry folder, HostEntry? parent, VolumeLabel? label)
    {
        _folder = folder;
        _parent = parent;
        _label = label is { IsGiven: true } ? label : null;
        HashSet<string> taken = new(StringComparer.OrdinalIgnoreCase);
        _longNames = [.. folder.Children.ConvertAll(child => LongName.Take(child.Name, taken))];
        // Those that are 8.3 names keep them, whatever the others are shortened to.
        ShortNames shortNames = new();
        string?[] found = Array.ConvertAll(_longNames, shortNames.TryTake);
        _shortNames = new string[found.Length];
        for (int i = 0; i < found.Length; i++)
            _shortNames[i] = found[i] ?? shortNames.TakeNumbered(_longNames[i]);
        Entries = (parent == null ? 0 : 2) + (_label == null ? 0 : 1);
        for (int i = 0; i < _longNames.Length; i++)
            Entries += 1 + LongEntries(i);
        if (Entries > MostEntries)
            throw new ConfigException($"{folder.Path}: more files than a FAT directory can hold");
    }

    /// <summary>The directory.</summary>
    public HostEntry Folder => _folder;

    /// <summary>How many entries it has.</summary>
    public int Entries { get; }

    /// <summary>Its bytes, when it is known where everything lies.</summary>
    /// <param name="length">Bytes; at least what the entries take.</param>
    public byte[] ToBytes(ulong length)
    {
        byte[] bytes = new byte[length];
        _written = 0;
        if (_label is { } label)
        {
            Span<byte> name = stackalloc byte[VolumeLabel.Bytes];
            label.WriteTo(name);
            Add(bytes, name, LabelAttribute, _folder, 0, 0);
        }

        if (_parent != null)
        {
            Add(bytes, ".          "u8, FolderAttribute, _folder, _folder.FirstCluster, 0);
            // The root is called 0 here.
            uint parent = _parent.FirstCluster == FatVolume.RootCluster ? 0 : _parent.FirstCluster;
            Add(bytes, "..         "u8, FolderAttribute, _parent, parent, 0);
        }

        for (int i = 0; i < _longNames.Length; i++)
        {
            HostEntry child = _folder.Children[i];
            byte[] name = Encoding.ASCII.GetBytes(_shortNames[i]);
            LongName.Write(bytes.AsSpan(_written), LongEntries(i) == 0 ? "" : _longNames[i], name);
            _written += LongEntries(i) * EntryBytes;
            Add(bytes, name, child.IsFolder ? FolderAttribute : FileAttribute, child, child.FirstCluster, child.Bytes);
        }

        return bytes;
    }

    // None for a name that the 8.3 name shows as it is.
    private int LongEntries(int index)
    {
        string shortName = _shortNames[index];
        string extension = shortName[8..].TrimEnd();
        string shown = shortName[..8].TrimEnd() + (extension.Length > 0 ? "." + extension : "");
        return shown == _longNames[index] ? 0 : LongName.Entries(_longNames[index]);
    }

    private void Add(byte[] bytes, ReadOnlySpan<byte> name, byte attributes, HostEntry entry, uint cluster, uint size)
    {
        Span<byte> target = bytes.AsSpan(_written, EntryBytes);
        _written += EntryBytes;
        DateTime time = entry.Modified;
        ushort date = (ushort)(((time.Year - 1980) << 9) | (time.Month << 5) | time.Day);
        ushort clock = (ushort)((time.Hour << 11) | (time.Minute << 5) | (time.Second / 2));
        name.CopyTo(target);
        target[11] = attributes;
        BinaryPrimitives.WriteUInt16LittleEndian(target[14..], clock);
        BinaryPrimitives.WriteUInt16LittleEndian(target[16..], date);
        BinaryPrimitives.WriteUInt16LittleEndian(target[18..], date);
        BinaryPrimitives.WriteUInt16LittleEndian(target[20..], (ushort)(cluster >> 16));
        BinaryPrimitives.WriteUInt16LittleEndian(target[22..], clock);
        BinaryPrimitives.WriteUInt16LittleEndian(target[24..], date);
        BinaryPrimitives.WriteUInt16LittleEndian(target[26..], (ushort)cluster);
        BinaryPrimitives.WriteUInt32LittleEndian(target[28..], size);
    }
}
