// A script in a folder of its own, for tests of the sh plugin. Not: the inline one (Interop).

using System;
using NbdFast.Testing;

namespace NbdFast.Plugins.Tests;

/// <summary>An executable file, and what it has noted in <c>$dir/log</c>.</summary>
internal sealed class ScriptFile : IDisposable
{
    private readonly TempFolder _folder = new();

    /// <summary>Writes the script; <c>$dir</c> in it is the folder.</summary>
    public ScriptFile(string text, bool isExecutable = true)
    {
        System.IO.File.WriteAllText(_folder.File("text"), text.Replace("$dir", _folder.Path, StringComparison.Ordinal));
        // By another process: one that a test starts meanwhile might hold the file open for writing, which keeps it
        // from being run.
        SystemCommand.Run("install", "-m", isExecutable ? "755" : "644", _folder.File("text"), Path).Succeeded();
    }

    public string Path => _folder.File("script");

    /// <summary>The lines that the script has noted.</summary>
    public string[] Noted =>
        System.IO.File.Exists(_folder.File("log")) ? System.IO.File.ReadAllLines(_folder.File("log")) : [];

    public void Dispose() => _folder.Dispose();
}
