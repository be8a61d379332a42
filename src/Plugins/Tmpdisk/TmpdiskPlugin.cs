// A fresh disk for each client. Not: making it (DiskCommand), requests to it (FileConnection).

using System;
using System.IO;
using NbdFast.Native;
using NbdFast.Plugins.Shared.Files;
using NbdFast.Plugins.Shared.FileSystems;

namespace NbdFast.Plugins.Tmpdisk;

/// <summary>Serves each client a new file system of its own, which is gone when the client is.</summary>
[NbdPlugin("tmpdisk", "nbdkit tmpdisk plugin", ThreadModel = ThreadModel.Parallel,
    Description = "Create a fresh temporary file system for each client.")]
public sealed partial class TmpdiskPlugin : MadeDiskPlugin
{
    private const string FolderVariable = "TMPDIR";
    private const string DefaultFolder = "/var/tmp";

    private readonly string _prefix = Path.GetFullPath(
        Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } folder ? folder : DefaultFolder)
        + "/nbdfast";

    /// <inheritdoc/>
    public override FileConnection? Open(OpenRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.Error = Make(request.ReadOnly, out OpenFile? disk);
        return disk == null ? null : new FileConnection(disk) { IsShared = false, IsTemporary = true };
    }

    // The name of the disk goes before the client is served: then nothing is left behind, however the server ends.
    private Errno Make(bool readOnly, out OpenFile? disk)
    {
        disk = null;
        Errno errno = TemporaryFolder.Make(_prefix, out TemporaryFolder? folder);
        if (errno != Errno.Ok)
            return errno;
        using (folder)
        {
            errno = Making.Run(folder!.Disk, Size);
            if (errno == Errno.Ok)
                errno = OpenFile.Open(Libc.CurrentDirectory, folder.Disk, readOnly, out disk);
            if (disk != null)
                Log.Debug($"tmpdisk: requested size {Size}, size {disk.Size}");
            return errno;
        }
    }
}
