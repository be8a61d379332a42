// A fresh disk for each client. Not: making it (DiskCommand), requests to it (FileConnection).

using System;
using System.IO;
using NbdFast.Native;
using NbdFast.Plugins.Shared.Files;
using NbdFast.Plugins.Shared.FileSystems;
using NbdFast.Values;

namespace NbdFast.Plugins.Tmpdisk;

/// <summary>Serves each client a new file system of its own, which is gone when the client is.</summary>
[NbdPlugin("tmpdisk", "nbdkit tmpdisk plugin", ThreadModel = ThreadModel.Parallel,
    Description = "Create a fresh temporary file system for each client.")]
public sealed partial class TmpdiskPlugin : Plugin
{
    private const string FolderVariable = "TMPDIR";
    private const string DefaultFolder = "/var/tmp";

    private readonly DiskCommand _command = new();
    private readonly string _prefix = Path.GetFullPath(
        Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } folder ? folder : DefaultFolder)
        + "/nbdfast";

    /// <summary>The size of the disk in bytes; a command may make it another.</summary>
    [NbdParameter("size", Magic = true, Required = true, Help = "Size of each disk.")]
    public DiskSize Size { get; private set; }

    /// <summary>The file system, as mkfs(8) calls it.</summary>
    [NbdParameter("type", ValueName = "ext4|...", Help = "The type of the file system (default: ext4).")]
    public string? Type
    {
        get;
        private set => Set("type", field = value);
    }

    /// <summary>The label of the file system.</summary>
    [NbdParameter("label", Help = "The label of the file system.")]
    public string? Label
    {
        get;
        private set => Set("label", field = value);
    }

    /// <summary>What makes the disk instead of mkfs.</summary>
    [NbdParameter("command", Help = "A shell command that makes the disk, instead of mkfs.")]
    public string? Command
    {
        get => _command.Command;
        private set => _command.Command = value;
    }

    /// <summary>Any other parameter is a variable of the command.</summary>
    public override bool Config(string key, string value)
    {
        Set(key, value);
        return true;
    }

    /// <inheritdoc/>
    public override FileConnection? Open(OpenRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.Error = Make(request.ReadOnly, out OpenFile? disk);
        return disk == null ? null : new FileConnection(disk) { IsShared = false, IsTemporary = true };
    }

    private void Set(string name, string? value) => _command.Set(name, value!);

    // The name of the disk goes before the client is served: then nothing is left behind, however the server ends.
    private Errno Make(bool readOnly, out OpenFile? disk)
    {
        disk = null;
        Errno errno = TemporaryFolder.Make(_prefix, out TemporaryFolder? folder);
        if (errno != Errno.Ok)
            return errno;
        using (folder)
        {
            errno = _command.Run(folder!.Disk, Size);
            if (errno == Errno.Ok)
                errno = OpenFile.Open(Libc.CurrentDirectory, folder.Disk, readOnly, out disk);
            if (disk != null)
                Log.Debug($"tmpdisk: requested size {Size}, size {disk.Size}");
            return errno;
        }
    }
}
