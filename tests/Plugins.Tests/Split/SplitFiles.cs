// Files of a test of the split plugin, and the disk that they make up. Not: a test.

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using NbdFast.Plugins.Split;
using NbdFast.Testing;

namespace NbdFast.Plugins.Tests.Split;

/// <summary>Files of given sizes, filled with noise.</summary>
internal sealed class SplitFiles : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly List<string> _paths = [];

    /// <summary>Makes the files.</summary>
    /// <param name="sizes">Bytes of each.</param>
    public SplitFiles(params IEnumerable<int> sizes)
    {
        foreach (int size in sizes)
        {
            _paths.Add(_folder.File($"{_paths.Count}"));
            TempDisk.CreateRandom(_paths[^1], size, seed: _paths.Count);
        }
    }

    /// <summary>The folder.</summary>
    public TempFolder Folder => _folder;

    /// <summary>The file at an index.</summary>
    public string this[int index] => _paths[index];

    /// <summary>What the disk must read as.</summary>
    public byte[] Content() => [.. _paths.SelectMany(File.ReadAllBytes)];

    /// <summary>The parameters that name them.</summary>
    public (string Key, string Value)[] Parameters() => [.. _paths.Select(path => ("file", path))];

    /// <summary>Opens the disk.</summary>
    public ChainHarness Open() => ChainHarness.Open(new SplitPlugin(), Parameters());

    /// <summary>Changes the size of a file.</summary>
    public void Resize(int index, long size)
    {
        using FileStream file = new(_paths[index], FileMode.Open);
        file.SetLength(size);
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();
}
