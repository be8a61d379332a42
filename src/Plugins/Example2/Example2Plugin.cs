// The second of three samples for authors of plugins: parameters, checks at the start, a connection with a state of its
// own, debug messages. Not: all that can be done with files (the file plugin), requests to the open file
// (Example2Connection).

using System;
using System.IO;
using Microsoft.Win32.SafeHandles;
using NbdFast.Diagnostics;
using NbdFast.Values;

namespace NbdFast.Plugins.Example2;

/// <summary>Serves a file, which nobody can write to.</summary>
/// <remarks>There is one object of this class in the process. It keeps what was said on the command line; what belongs
/// to one client is kept by an object of another class, <see cref="Example2Connection"/>.</remarks>
[NbdPlugin("example2", "nbdkit example2 plugin", ThreadModel = ThreadModel.Parallel, Latency = Latency.MayBlock,
    Description = "An example: serves a file, read-only.")]
public sealed partial class Example2Plugin : Plugin
{
    // -D example2.extra=1 on the command line. Read at once: of a flag that no plugin reads the user is told.
    private readonly bool _tellsMore = DebugFlags.Get("example2", "extra") != 0;

    /// <summary>The parameter <c>file=FILENAME</c>. Its type is its parser: <see cref="RealPath"/> takes the name of a
    /// file that exists and makes it absolute, which matters because a server in the background works in the root
    /// directory. A parameter that is required and missing is an error before the plugin is asked anything.</summary>
    [NbdParameter("file", Required = true, ValueName = "FILENAME", Help = "The filename to serve.")]
    public RealPath File { get; private set; }

    /// <summary>Called when all parameters are there: the place for what can be checked without a client. What is
    /// thrown here is shown to the user as one line, and the server does not start.</summary>
    public override void ConfigComplete()
    {
        if (Directory.Exists(File))
            throw new ConfigException($"{File}: is a directory");
    }

    /// <summary>Called for each client. The return type is the class of the connection, which is how the generator
    /// knows what its disk can do. To refuse a client, set the error and return null.</summary>
    /// <remarks>The messages of .NET's exceptions are not for users: a native binary has none.</remarks>
    public override Example2Connection? Open(OpenRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        try
        {
            SafeFileHandle file = System.IO.File.OpenHandle(File, share: FileShare.ReadWrite | FileShare.Delete);
            if (_tellsMore)
                Log.Debug($"opened {(string)File} for connection {request.Client.ConnectionNumber}");
            return new Example2Connection(file, RandomAccess.GetLength(file));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Errno errno = error is UnauthorizedAccessException ? Errno.EACCES : Errno.EIO;
            request.Error = Log.Error(errno, $"{(string)File}: {errno.Text()}");
            return null;
        }
    }
}
