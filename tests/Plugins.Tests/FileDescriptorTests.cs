// fd=: a file that the parent process opened. Not: a directory that it opened (FileDirectoryTests).

using System;
using System.IO;
using Microsoft.Win32.SafeHandles;
using NbdFast.Chain;
using NbdFast.Native;
using NbdFast.Plugins.Files;
using NbdFast.Testing;

namespace NbdFast.Plugins.Tests;

public sealed class FileDescriptorTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public FileDescriptorTests() => TempDisk.CreateRandom(Disk, 10_000);

    private string Disk => _folder.File("disk");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_inherited_file_is_served_even_when_its_name_and_its_number_are_gone()
    {
        byte[] expected = File.ReadAllBytes(Disk);
        SafeFileHandle file = File.OpenHandle(Disk, access: FileAccess.ReadWrite);
        using ChainHarness chain = Open(file);
        file.Dispose();
        File.Delete(Disk);
        Assert.True(chain.Info.CanWrite);
        Assert.Equal(expected, chain.ReadBytes(0, expected.Length));
        Assert.Equal(Errno.Ok, chain.Next.Write([7, 8, 9], 500, RequestFlags.Fua));
        Assert.Equal(Errno.Ok, chain.Connect(out OpenedLayers? second));
        byte[] seen = new byte[3];
        Assert.Equal(Errno.Ok, second!.Next.Read(seen, 500));
        Assert.Equal([7, 8, 9], seen);
    }

    [Fact]
    public void A_closed_connection_leaves_the_file_open_for_the_others()
    {
        using SafeFileHandle file = File.OpenHandle(Disk);
        using ChainHarness chain = Open(file);
        Assert.Equal(Errno.Ok, chain.Connect(out OpenedLayers? second));
        second!.Dispose();
        Assert.Equal(File.ReadAllBytes(Disk), chain.ReadBytes(0, 10_000));
    }

    [Fact]
    public void A_file_that_is_open_for_reading_is_served_read_only()
    {
        using SafeFileHandle file = File.OpenHandle(Disk);
        using ChainHarness chain = Open(file);
        Assert.False(chain.Info.CanWrite);
    }

    [Fact]
    public void A_file_that_is_open_for_writing_only_is_refused()
    {
        using SafeFileHandle file = File.OpenHandle(Disk, access: FileAccess.Write);
        Refused("not open for reading", file);
    }

    [Fact]
    public void A_file_that_is_open_for_appending_is_refused()
    {
        int descriptor = Libc.Open(Libc.CurrentDirectory, Disk, OpenFlags.ReadWrite | OpenFlags.Append);
        using SafeFileHandle file = new(descriptor, ownsHandle: true);
        Refused("open for appending", file);
    }

    [Fact]
    public void A_directory_points_to_the_other_parameter()
    {
        int descriptor = Libc.Open(Libc.CurrentDirectory, _folder.Path, OpenFlags.ReadOnly);
        using SafeFileHandle folder = new(descriptor, ownsHandle: true);
        Refused("use dirfd=", folder);
    }

    [Fact]
    public void A_character_device_is_refused()
    {
        using SafeFileHandle device = new(
            Libc.Open(Libc.CurrentDirectory, "/dev/zero", OpenFlags.ReadWrite), ownsHandle: true);
        Refused("file is not regular or block device", device);
    }

    [Fact]
    public void The_only_export_is_the_default_one()
    {
        using SafeFileHandle file = File.OpenHandle(Disk);
        using ChainHarness chain = Open(file);
        Assert.Equal("", chain.DefaultExport());
        Assert.Equal(Errno.Ok, chain.Connect(out _, "any name"));
    }

    private static ChainHarness Open(SafeFileHandle file) =>
        ChainHarness.Open(new FilePlugin(), ("fd", $"{file.DangerousGetHandle()}"));

    private static void Refused(string reason, SafeFileHandle file)
    {
        ConfigException error = Assert.Throws<ConfigException>(() => Open(file).Dispose());
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }
}
