// One file or directory of the host, and its place on the disk. Not: reading it (HostFile), its form on the disk
// (FatDirectory).

using System;
using System.Collections.Generic;

namespace NbdFast.Plugins.Floppy;

/// <summary>A file or directory.</summary>
/// <param name="path">The absolute path.</param>
/// <param name="isFolder">It is a directory.</param>
/// <param name="bytes">The size of a file when it was looked at.</param>
/// <param name="modified">When it was changed, in local time.</param>
internal sealed class HostEntry(string path, bool isFolder, uint bytes, DateTime modified)
{
    /// <summary>The absolute path.</summary>
    public string Path => path;

    /// <summary>The name on the host.</summary>
    public string Name => System.IO.Path.GetFileName(path);

    /// <summary>It is a directory.</summary>
    public bool IsFolder => isFolder;

    /// <summary>Bytes of a file; 0 for a directory.</summary>
    public uint Bytes => bytes;

    /// <summary>When it was changed.</summary>
    public DateTime Modified => modified;

    /// <summary>What is in a directory.</summary>
    public List<HostEntry> Children { get; } = [];

    /// <summary>The first of its clusters; 0 for an empty file.</summary>
    public uint FirstCluster { get; set; }
}
