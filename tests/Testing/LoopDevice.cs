// A block device made of a file. Not: the file (TempDisk), a file system (MountedFolder).

using System;
using System.Globalization;
using Xunit;

namespace NbdFast.Testing;

/// <summary>A loop device, detached when the test ends.</summary>
public sealed class LoopDevice : IDisposable
{
    private LoopDevice(string path) => Path = path;

    /// <summary>Its node, as <c>/dev/loop3</c>.</summary>
    public string Path { get; }

    /// <summary>Attaches an image, or skips the test where that is not possible.</summary>
    /// <param name="image">The file.</param>
    /// <param name="sectorBytes">The logical block size: 512 to 4096.</param>
    public static LoopDevice Attach(string image, int sectorBytes = 512)
    {
        Requires.Root();
        Requires.Tools("losetup");
        Requires.Device("/dev/loop-control");
        CommandResult attached = SystemCommand.Run(
            "losetup", "--find", "--show",
            "--sector-size", sectorBytes.ToString(CultureInfo.InvariantCulture), image);
        Skip.If(attached.ExitCode != 0, attached.ToString());
        return new LoopDevice(attached.Output);
    }

    /// <summary>Detaches it.</summary>
    public void Dispose() => SystemCommand.Run("losetup", "--detach", Path).Succeeded();
}
