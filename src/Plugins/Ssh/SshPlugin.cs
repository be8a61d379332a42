// The ssh plugin: its life, and clients that come. Not: its parameters (the other part of the class), connecting
// (SshLogin), a client's requests (SshConnection).

using System;
using System.IO;
using System.Threading;
using NbdFast.Diagnostics;
using NbdFast.Plugins.Ssh.Native;
using NbdFast.Plugins.Ssh.Sftp;

namespace NbdFast.Plugins.Ssh;

/// <summary>Serves a file of a host that one can log in to, by way of libssh and SFTP.</summary>
[NbdPlugin("ssh", "nbdkit ssh plugin", ThreadModel = ThreadModel.Parallel, Latency = Latency.Blocking,
    Description = "Serve a file of a host over SSH.")]
public sealed partial class SshPlugin : Plugin
{
    private readonly Lock _creating = new();
    private bool _isCreated;

    /// <summary>Reads the debug flag at once: of one that nobody reads the user is told.</summary>
    public SshPlugin() => LogLevel = Math.Clamp(DebugFlags.Get("ssh", "log"), 0, LibSsh.MostDetailed);

    /// <summary>How much libssh tells.</summary>
    internal int LogLevel { get; }

    /// <inheritdoc/>
    public override void ConfigComplete()
    {
        CheckParameters();
        LibSsh.Load();
    }

    /// <inheritdoc/>
    public override void DumpFields(TextWriter output)
    {
        try
        {
            LibSsh.Load();
        }
        catch (ConfigException error)
        {
            Log.Debug($"{error.Message}");   // What can be told without the library is told.
            return;
        }

        output.WriteLine($"libssh_version={LibSsh.Version}");
    }

    /// <inheritdoc/>
    public override SshConnection? Open(OpenRequest request)
    {
        try
        {
            return Open(request.ReadOnly);
        }
        catch (SftpException exception)
        {
            request.Error = Log.Error(exception.Errno, $"{exception.Message}");
            return null;
        }
    }

    private SshConnection Open(bool readOnly)
    {
        SshSession session = new SshLogin(this).Connect(out SshChannel channel);
        try
        {
            SftpTalk talk = new(channel, TimeSpan.FromSeconds(Timeout));
            talk.Begin();
            byte[] handle = OpenFile(talk, readOnly);
            ulong size = SizeOf(talk, handle);
            SftpLoop loop = new(
                channel, session, () => LibSsh.LogOnThisThread(LogLevel), handle, talk.Abilities);
            return new SshConnection(loop, size, talk.Abilities.HasSync);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    // The first client that comes this far has the file made; those that come meanwhile wait for it.
    private byte[] OpenFile(SftpTalk talk, bool readOnly)
    {
        if (!Create)
            return talk.Open(Path, forWriting: !readOnly);
        lock (_creating)
        {
            if (_isCreated)
                return talk.Open(Path, forWriting: !readOnly);
            byte[] handle = talk.Create(Path, CreateMode, CreateSize!.Value);
            _isCreated = true;
            return handle;
        }
    }

    private static ulong SizeOf(SftpTalk talk, byte[] handle)
    {
        RemoteAttributes attributes = talk.Attributes(handle);
        if (attributes.IsDirectory)
            throw new SftpException(Errno.EISDIR, "the remote path is a directory");
        ulong size = attributes.IsBlockDevice && attributes.Size is null or 0
            ? DeviceSize.Find(talk, handle)
            : attributes.Size ?? throw new SftpException(Errno.EIO, "the SFTP server does not tell the file's size");
        return size <= ExportInfo.MaximumSize
            ? size
            : throw new SftpException(Errno.EOVERFLOW, $"the SFTP server tells an impossible size: {size}");
    }
}
