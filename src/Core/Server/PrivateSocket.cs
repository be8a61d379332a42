// A Unix socket's path that nobody else can guess or enter (-U -). Not: the socket, which the listener makes.

using System;
using NbdFast.Native;

namespace NbdFast.Server;

/// <summary>A place for a socket in a directory of its own, which goes away with it.</summary>
internal sealed class PrivateSocket : IDisposable
{
    // Not TMPDIR: a Unix socket's path is limited to 107 bytes, and nbdkit's is here too.
    private const string Prefix = "/tmp/nbdfast";

    private readonly string _directory;

    /// <summary>Makes the directory.</summary>
    /// <exception cref="ConfigException">That failed.</exception>
    public PrivateSocket()
    {
        Errno errno = Libc.MakePrivateDirectory(Prefix, out _directory);
        if (errno != Errno.Ok)
            throw new ConfigException($"{Prefix}XXXXXX: {errno.Text()}");
        Path = _directory + "/socket";
    }

    /// <summary>The socket's path.</summary>
    public string Path { get; }

    /// <summary>Gives socket and directory to whoever the server is about to become, who could not remove them
    /// otherwise.</summary>
    /// <exception cref="ConfigException">That failed.</exception>
    public void GiveTo(Identity identity)
    {
        const uint NoChange = uint.MaxValue;
        foreach (string path in (string[])[Path, _directory])
        {
            Errno errno = Libc.ChangeOwner(path, identity.User ?? NoChange, identity.Group ?? NoChange);
            // Whoever may not do this may not become somebody else either, and will be told so.
            if (errno is not (Errno.Ok or Errno.EPERM))
                throw new ConfigException($"{path}: {errno.Text()}");
        }
    }

    /// <summary>Removes the socket, if there is one, and the directory.</summary>
    public void Dispose()
    {
        Errno errno = Libc.Unlink(Path);
        if (errno is Errno.Ok or Errno.ENOENT)
            errno = Libc.RemoveDirectory(_directory);
        // A command of --run may have put files there, or have removed all of it: both are its own affair.
        if (errno != Errno.Ok)
            Log.Debug($"{_directory}: {errno.Text()}");
    }
}
