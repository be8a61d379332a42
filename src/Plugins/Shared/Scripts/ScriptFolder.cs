// $tmpdir: the directory that scripts may use while the server runs. Not: what they put there.

using System;
using System.Text;
using NbdFast.Native;

namespace NbdFast.Plugins.Scripts;

/// <summary>A private directory, made at once and removed with all that is in it.</summary>
internal sealed class ScriptFolder
{
    private const string Prefix = "/tmp/nbdfast";
    private const string Shell = "/bin/sh";
    private const uint OwnerOnly = 0b111_000_000;
    private const int Flags = OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Truncate | OpenFlags.CloseOnExec;
    private const string Give = "exec chown -hR -- \"$0\" \"$1\"";
    private const string Remove = "exec rm -rf -- \"$0\"";

    /// <summary>Makes the directory.</summary>
    /// <exception cref="ConfigException">That failed.</exception>
    public ScriptFolder()
    {
        Errno errno = Libc.MakePrivateDirectory(Prefix, out string path);
        if (errno != Errno.Ok)
            throw new ConfigException($"mkdtemp: {Prefix}: {errno.Text()}");
        Path = path;
        Variable = Encoding.UTF8.GetBytes("tmpdir=" + path);
    }

    /// <summary>Its path.</summary>
    public string Path { get; }

    /// <summary>The environment variable that tells scripts of it.</summary>
    public byte[] Variable { get; }

    /// <summary>The path of a file in the directory.</summary>
    public string FileOf(string name) => $"{Path}/{name}";

    /// <summary>Writes a file that this user may run.</summary>
    /// <returns>Its path.</returns>
    /// <exception cref="ConfigException">That failed.</exception>
    public string WriteProgram(string name, byte[] text)
    {
        string path = FileOf(name);
        int file = Libc.Open(Libc.CurrentDirectory, path, Flags, OwnerOnly);
        if (file < 0)
            throw new ConfigException($"open: {path}: {((Errno)(-file)).Text()}");
        nint count = 0;
        for (ReadOnlySpan<byte> rest = text; !rest.IsEmpty && count >= 0; rest = rest[(int)Math.Max(count, 0)..])
            count = Libc.Write(file, rest);
        Libc.Close(file);
        return count >= 0 ? path : throw new ConfigException($"write: {path}: {((Errno)(-count)).Text()}");
    }

    /// <summary>Gives the directory, with all that is in it, to whoever the server is about to become: scripts run as
    /// that user, and could neither be found nor use it.</summary>
    /// <exception cref="ConfigException">That failed.</exception>
    public void GiveAway()
    {
        if (ServerControl.UserToBe == null && ServerControl.GroupToBe == null)
            return;
        string group = ServerControl.GroupToBe is { } number ? $":{number}" : "";   // A colon alone means another one.
        string owner = $"{ServerControl.UserToBe}{group}";
        int process = Libc.Spawn(Shell, ["sh", "-c", Give, owner, Path], withoutInput: true);
        Errno errno = process < 0 ? (Errno)(-process) : Libc.WaitForChild(process, out _);
        if (errno != Errno.Ok)
            throw new ConfigException($"chown: {Path}: {errno.Text()}");
    }

    /// <summary>Removes the directory, whatever is in it: names there need not be text, which .NET cannot
    /// delete.</summary>
    public void Delete()
    {
        int process = Libc.Spawn(Shell, ["sh", "-c", Remove, Path], withoutInput: true);
        Errno errno = process < 0 ? (Errno)(-process) : Libc.WaitForChild(process, out _);
        if (errno != Errno.Ok)
            Log.Error(errno, $"{Path}: cannot be removed: {errno.Text()}");
    }
}
