// A file system of a test's own. Not: the one that tests usually write to (TempFolder).

using System;
using Xunit;

namespace NbdFast.Testing;

/// <summary>A folder on which a file system is mounted, unmounted when the test ends. Tests that use one skip unless
/// they may mount.</summary>
public sealed class MountedFolder : IDisposable
{
    private readonly TempFolder _folder;

    private MountedFolder(params string[] options)
    {
        Requires.Root();   // First: a test that is skipped leaves no folder.
        _folder = new TempFolder();
        CommandResult mounted = SystemCommand.Run("mount", [.. options, _folder.Path]);
        if (mounted.ExitCode == 0)
            return;
        _folder.Dispose();
        Skip.If(true, mounted.ToString());
    }

    /// <summary>The folder's absolute path.</summary>
    public string Path => _folder.Path;

    /// <summary>A file system in memory that bears holes and becomes full.</summary>
    /// <param name="size">With a suffix, as "1m".</param>
    public static MountedFolder Tmpfs(string size) => new("-t", "tmpfs", "-o", $"size={size}", "none");

    /// <summary>A file system in memory that knows neither holes nor allocation.</summary>
    public static MountedFolder Ramfs() => new("-t", "ramfs", "none");

    /// <summary>The file system that is in an image.</summary>
    public static MountedFolder Image(string image) => new("-o", "loop", image);

    /// <summary>The absolute path of a file in the folder, which need not exist.</summary>
    public string File(string name) => _folder.File(name);

    /// <summary>Unmounts it.</summary>
    public void Dispose()
    {
        SystemCommand.Run("umount", _folder.Path).Succeeded();
        _folder.Dispose();
    }
}
