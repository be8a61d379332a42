// The third of three samples for authors of plugins: a disk that can be written, and resources that come and go with a
// connection. Not: disks with a file system on them (tmpdisk), requests to the disk (Example3Connection).

using System;
using System.IO;
using Microsoft.Win32.SafeHandles;
using NbdFast.Values;

namespace NbdFast.Plugins.Example3;

/// <summary>Serves each client a disk of its own, zeroes at first, gone when the client is.</summary>
[NbdPlugin("example3", "nbdkit example3 plugin", ThreadModel = ThreadModel.Parallel, Latency = Latency.MayBlock,
    Description = "An example: a temporary disk for each client.")]
public sealed partial class Example3Plugin : Plugin
{
    /// <summary>The parameter <c>size=SIZE</c>; <see cref="DiskSize"/> knows suffixes as in <c>100M</c>. What the
    /// property holds from the start is its default.</summary>
    [NbdParameter("size", Help = "Size of the disk (default: 100M).")]
    public DiskSize Size { get; private set; } = new(100 << 20);

    /// <summary>Makes the client's disk: a file in a folder that only this user may enter, and which is removed with
    /// the file in it as soon as that is open. The system keeps a file without a name until its last user is gone, and
    /// no longer, even if this process is killed.</summary>
    public override Example3Connection? Open(OpenRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        DirectoryInfo? folder = null;
        SafeFileHandle? file = null;
        try
        {
            folder = Directory.CreateTempSubdirectory("nbdfast");
            string path = Path.Combine(folder.FullName, "disk");
            file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite);
            RandomAccess.SetLength(file, (long)Size.Bytes);   // A hole: takes no space yet.
            return new Example3Connection(file, Size);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            file?.Dispose();
            Errno reason = Example3Connection.ReasonOf(error);
            request.Error = Log.Error(reason, $"cannot make a temporary disk of {Size} bytes: {reason.Text()}");
            return null;
        }
        finally
        {
            folder?.Delete(recursive: true);
        }
    }
}
