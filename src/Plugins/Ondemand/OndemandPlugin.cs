// File systems that are made when somebody first asks for them, and stay. Not: making them (DiskCommand), their files
// (ExportFolder), requests (FileConnection).

using System;
using NbdFast.Plugins.Shared.Files;
using NbdFast.Plugins.Shared.FileSystems;
using NbdFast.Values;

namespace NbdFast.Plugins.Ondemand;

/// <summary>Serves the files of a folder; one that does not exist is made. Each is for one client at a time.</summary>
[NbdPlugin("ondemand", "nbdkit ondemand plugin", ThreadModel = ThreadModel.Parallel,
    Description = "Create file systems on demand, one for each export name.")]
public sealed partial class OndemandPlugin : Plugin
{
    private readonly DiskCommand _command = new();
    private ExportFolder? _folder;

    // There before the first connection: GetReady made it, or failed.
    private ExportFolder Folder => _folder!;

    /// <summary>Where the disks are.</summary>
    [NbdParameter("dir", Required = true, ValueName = "EXPORTSDIR", Help = "The folder of the disks.")]
    public RealPath Directory { get; private set; }

    /// <summary>The size of new disks in bytes; a command may make it another.</summary>
    [NbdParameter("size", Magic = true, Required = true, Help = "Size of each new disk.")]
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

    /// <summary>What makes a disk instead of mkfs.</summary>
    [NbdParameter("command", Help = "A shell command that makes the disk, instead of mkfs.")]
    public string? Command
    {
        get => _command.Command;
        private set => _command.Command = value;
    }

    /// <summary>Several clients may have the same export.</summary>
    [NbdParameter("share", ValueName = "BOOL", Help = "Let several clients use an export at once (default: false).")]
    public bool Share { get; private set; }

    /// <summary>A client waits for the one before it.</summary>
    [NbdParameter("wait", ValueName = "BOOL", Help = "Let clients wait for a locked export (default: false).")]
    public bool Wait { get; private set; }

    /// <summary>Any other parameter is a variable of the command.</summary>
    public override bool Config(string key, string value)
    {
        Set(key, value);
        return true;
    }

    /// <inheritdoc/>
    public override void ConfigComplete()
    {
        _folder = new ExportFolder(Directory);
        Folder.Check();
    }

    /// <inheritdoc/>
    public override string? DefaultExport(ClientInfo client) => ExportFolder.DefaultName;

    /// <inheritdoc/>
    public override Errno ListExports(ClientInfo client, ExportList exports) => Folder.List(exports);

    /// <inheritdoc/>
    public override FileConnection? Open(OpenRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.Error = Folder.Open(request.ExportName, request.ReadOnly, MakeDisk, out OpenFile? disk);
        if (disk == null)
            return null;
        if (!Share)
            request.Error = DiskLock.Take(disk, request.ExportName, Wait);
        if (request.Error == Errno.Ok)
            return new FileConnection(disk) { IsShared = Share };
        disk.Dispose();
        return null;
    }

    private void Set(string name, string? value) => _command.Set(name, value!);

    // mkfs works aside, so that a disk is there when it is complete. A command may rely on the name that it is told.
    private Errno MakeDisk(string path)
    {
        if (Command == null)
            return Folder.MakeAside(path, disk => _command.Run(disk, Size));
        Errno errno = _command.Run(path, Size);
        if (errno != Errno.Ok)
            ExportFolder.Discard(path);
        return errno;
    }
}
