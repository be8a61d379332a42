// Files of a test of the partitioning plugin, and the disk around them. Not: a test.

using System;
using System.Collections.Generic;
using System.IO;
using NbdFast.Plugins.Partitioning;
using NbdFast.Testing;

namespace NbdFast.Plugins.Tests.Partitioning;

/// <summary>Files of noise; a command line is written with their sizes in the places of their names.</summary>
internal sealed class PartitionFiles : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly List<string> _paths = [];

    /// <summary>The folder.</summary>
    public TempFolder Folder => _folder;

    /// <summary>The file at an index.</summary>
    public string this[int index] => _paths[index];

    /// <summary>What is in it.</summary>
    public byte[] Content(int index) => File.ReadAllBytes(_paths[index]);

    /// <summary>Opens a disk.</summary>
    /// <param name="commandLine">Sizes of files in bytes and parameters, as <c>1000 mbr-id=7 513</c>.</param>
    public ChainHarness Open(string commandLine) => ChainHarness.Open(new PartitioningPlugin(), Parse(commandLine));

    /// <summary>Asserts that a command line is refused.</summary>
    public void Refused(string commandLine, string reason)
    {
        var error = Assert.Throws<ConfigException>(
            () => ChainHarness.Start(new PartitioningPlugin(), [], Parse(commandLine)));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    private (string Key, string Value)[] Parse(string commandLine)
    {
        List<(string Key, string Value)> parameters = [];
        foreach (string word in commandLine.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] pair = word.Split('=', 2);
            parameters.Add(pair.Length == 2 ? (pair[0], pair[1]) : ("file", Make(long.Parse(word, null))));
        }

        return [.. parameters];
    }

    private string Make(long size)
    {
        string path = _folder.File($"p{_paths.Count}");
        if (size > 1 << 24)
            TempDisk.CreateSparse(path, size);
        else
            TempDisk.CreateRandom(path, size, seed: _paths.Count + 1);
        _paths.Add(path);
        return path;
    }
}
