// A folder of a test's own, gone when the test is. Not: disks in it (TempDisk).

using System;
using System.IO;

namespace NbdFast.Testing;

/// <summary>An empty folder with a short absolute name, removed with all it holds.</summary>
public sealed class TempFolder : IDisposable
{
    /// <summary>Creates the folder.</summary>
    public TempFolder() => Path = Directory.CreateTempSubdirectory("nbdf").FullName;

    /// <summary>Its absolute path; short, because the path of a Unix socket may have 107 bytes only.</summary>
    public string Path { get; }

    /// <summary>The absolute path of a file in the folder, which need not exist.</summary>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Lets other users in, who may find and make files as far as their modes allow.</summary>
    public void OpenToAll() => System.IO.File.SetUnixFileMode(Path, (UnixFileMode)0b111_111_111);

    /// <summary>Removes the folder.</summary>
    public void Dispose() => Directory.Delete(Path, recursive: true);
}
