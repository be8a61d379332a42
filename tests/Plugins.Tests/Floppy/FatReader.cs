// Reads a FAT32 disk as a client's file system does: from the boot sector, along the tables. Not: a test, nor code of
// the plugin.

using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using NbdFast.Testing;

namespace NbdFast.Plugins.Tests.Floppy;

/// <summary>A reader that believes nothing of what the plugin means to have written.</summary>
internal sealed class FatReader
{
    private const int Volume = 1 << 20;

    private readonly ChainHarness _chain;
    private readonly int _clusterBytes;
    private readonly ulong _table;
    private readonly ulong _data;

    /// <summary>Looks at the boot sector.</summary>
    public FatReader(ChainHarness chain)
    {
        _chain = chain;
        byte[] boot = chain.ReadBytes(Volume, 512);
        _clusterBytes = boot[13] * 512;
        uint tableSectors = BinaryPrimitives.ReadUInt32LittleEndian(boot.AsSpan(36));
        _table = Volume + (BinaryPrimitives.ReadUInt16LittleEndian(boot.AsSpan(14)) * 512ul);
        _data = _table + (boot[16] * tableSectors * 512ul);
        Root = BinaryPrimitives.ReadUInt32LittleEndian(boot.AsSpan(44));
        Assert.Equal(chain.ReadBytes(_table, (int)tableSectors * 512),
            chain.ReadBytes(_table + (tableSectors * 512), (int)tableSectors * 512));
    }

    /// <summary>The first cluster of the root.</summary>
    public uint Root { get; }

    /// <summary>All files under their paths, directories with an empty content and a slash at their end.</summary>
    public SortedDictionary<string, byte[]> ReadAll()
    {
        SortedDictionary<string, byte[]> files = new(StringComparer.Ordinal);
        ReadFolder(Root, "", files);
        return files;
    }

    /// <summary>The 8.3 names of a directory, which must be different.</summary>
    public HashSet<string> ShortNames(uint cluster)
    {
        HashSet<string> names = [];
        foreach (byte[] entry in ReadChain(cluster).Chunk(32))
            if (entry[0] != 0 && entry[11] != 0x0f)
                Assert.True(names.Add(Encoding.ASCII.GetString(entry, 0, 11)), "an 8.3 name is there twice");
        return names;
    }

    private void ReadFolder(uint cluster, string path, SortedDictionary<string, byte[]> files)
    {
        string longName = "";
        foreach (byte[] entry in ReadChain(cluster).Chunk(32))
        {
            if (entry[0] == 0)
                return;
            if (entry[11] == 0x0f)
            {
                longName = Part(entry) + ((entry[0] & 0x40) != 0 ? "" : longName);
                continue;
            }

            string name = longName.Length > 0 ? longName : ShortName(entry);
            longName = "";
            uint first = ((uint)BinaryPrimitives.ReadUInt16LittleEndian(entry.AsSpan(20)) << 16)
                | BinaryPrimitives.ReadUInt16LittleEndian(entry.AsSpan(26));
            int size = (int)BinaryPrimitives.ReadUInt32LittleEndian(entry.AsSpan(28));
            if ((entry[11] & 0x08) != 0 || name is "." or "..")
                continue;
            if ((entry[11] & 0x10) == 0)
            {
                files.Add(path + name, first == 0 ? [] : ReadChain(first)[..size]);
                continue;
            }

            files.Add($"{path}{name}/", []);
            ReadFolder(first, $"{path}{name}/", files);
        }
    }

    private byte[] ReadChain(uint cluster)
    {
        using MemoryStream content = new();
        for (; cluster < 0x0ffffff8; cluster = Next(cluster))
        {
            Assert.InRange(cluster, 2u, 0x0ffffff5u);
            content.Write(_chain.ReadBytes(_data + ((cluster - 2) * (ulong)_clusterBytes), _clusterBytes));
        }

        return content.ToArray();
    }

    private uint Next(uint cluster) =>
        BinaryPrimitives.ReadUInt32LittleEndian(_chain.ReadBytes(_table + (cluster * 4ul), 4));

    private static string Part(byte[] entry) =>
        Encoding.Unicode.GetString([.. entry[1..11], .. entry[14..26], .. entry[28..32]]).Split('\0')[0]
            .TrimEnd('\uffff');

    private static string ShortName(byte[] entry)
    {
        string extension = Encoding.ASCII.GetString(entry, 8, 3).TrimEnd();
        return Encoding.ASCII.GetString(entry, 0, 8).TrimEnd() + (extension.Length > 0 ? "." + extension : "");
    }
}
