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
public sealed partial class OndemandPlugin : MadeDiskPlugin
{
    private ExportFolder? _folder;

    // There before the first connection: GetReady made it, or failed.
    private ExportFolder Folder => _folder!;

    /// <summary>Where the disks are.</summary>
    [NbdParameter("dir", Required = true, ValueName = "EXPORTSDIR", Help = "The folder of the disks.")]
    public RealPath Directory { get; private set; }

    /// <summary>Several clients may have the same export.</summary>
    [NbdParameter("share", ValueName = "BOOL", Help = "Let several clients use an export at once (default: false).")]
    public bool Share { get; private set; }

    /// <summary>A client waits for the one before it.</summary>
    [NbdParameter("wait", ValueName = "BOOL", Help = "Let clients wait for a locked export (default: false).")]
    public bool Wait { get; private set; }

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

    // mkfs works aside, so that a disk is there when it is complete. A command may rely on the name that it is told.
    private Errno MakeDisk(string path)
    {
        if (Command == null)
            return Folder.MakeAside(path, disk => Making.Run(disk, Size));
        Errno errno = Making.Run(path, Size);
        if (errno != Errno.Ok)
            ExportFolder.Discard(path);
        return errno;
    }
}
