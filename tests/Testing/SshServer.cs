// A private OpenSSH server with a configuration and keys of a test's own. Not: a scripted server that does wrong
// (Plugins.Tests).

using System;
using System.Diagnostics;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using Xunit;

namespace NbdFast.Testing;

/// <summary>
/// sshd on a free port of this machine, in the foreground. The user who runs the test may log in with the key
/// <c>id</c>; <c>known</c> has the host's key, <c>changed</c> another one, <c>othertype</c> one of another type.
/// Files are in <see cref="Files"/>.
/// </summary>
public sealed class SshServer : IDisposable
{
    private const string MakeKeys = """
        for key in host id stranger; do ssh-keygen -q -t ed25519 -N '' -f $key; done
        ssh-keygen -q -t ed25519 -N locked -f locked
        ssh-keygen -q -t ecdsa -N '' -f other
        cat id.pub locked.pub >authorized
        """;

    private const string Configuration = """
        ListenAddress 127.0.0.1
        Port PORT
        HostKey FOLDER/host
        PidFile none
        AuthorizedKeysFile FOLDER/authorized
        PermitRootLogin yes
        StrictModes no
        UsePAM no
        MaxStartups 1000
        MaxAuthTries 20
        Subsystem SUBSYSTEM
        """;

    // The password is "secret".
    private const string Shadow =
        "root:$6$nbdfast$RFsDGfICsWjmJ3DZRkKmOeyajT8Ne64SYbeR5mmyi.e" +
        "HQb19NXaReM2FgavyeOJBjXuz0XyCia602X5qVPAuL." +
        ":19000:0:99999:7:::\nsshd:!:19000::::::\n";

    private const int MostTries = 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TempFolder _folder = new();
    private readonly bool _hasPassword;
    private Process _process;

    /// <summary>Starts.</summary>
    /// <param name="makeFiles">A command line that makes the files, run in their folder.</param>
    /// <param name="options">More lines of the configuration.</param>
    /// <param name="hasPassword">root's password is "secret", for this server alone; skips the test where that is not
    /// possible.</param>
    /// <param name="subsystem">The name and the command of what serves files. In it and in the options, FOLDER stands
    /// for the folder of the keys.</param>
    public SshServer(
        string makeFiles, string options = "", bool hasPassword = false, string subsystem = "sftp internal-sftp")
    {
        Requires.Tools("sshd", "ssh-keygen");
        _hasPassword = hasPassword;
        if (hasPassword)
        {
            Requires.Root();
            Skip.If(SystemCommand.Run("unshare", "-m", "true").ExitCode != 0, "there are no mount namespaces here");
            File.WriteAllText(_folder.File("shadow"), Shadow);
        }

        if (Environment.IsPrivilegedProcess)
            Directory.CreateDirectory("/run/sshd");   // sshd wants it, and elsewhere a service makes it.
        Directory.CreateDirectory(Files);
        ShellCommand.Run(makeFiles, folder: Files).Succeeded();
        ShellCommand.Run(MakeKeys, folder: _folder.Path).Succeeded();
        string configuration =
            Configuration.Replace("SUBSYSTEM", subsystem, StringComparison.Ordinal) + $"\n{options}\n";
        for (int tries = 1; !TryStart(configuration); tries++)
            Assert.True(tries < MostTries, $"sshd does not start: {Messages}");
        WriteKnown("known", "host");
        WriteKnown("changed", "stranger");
        WriteKnown("othertype", "other");
    }

    /// <summary>The folder of the files.</summary>
    public string Files => _folder.File("files");

    /// <summary>The port.</summary>
    public int Port { get; private set; }

    /// <summary>What the plugin needs to get in.</summary>
    public string Parameters => $"{Host} known-hosts={Key("known")} identity={Key("id")}";

    /// <summary>Where the server is, and no key.</summary>
    public string Host => $"host=127.0.0.1 port={Port} config=";

    /// <summary>What sshd has said.</summary>
    public string Messages => File.ReadAllText(_folder.File("messages"));

    /// <summary>The path of a key, or file of keys.</summary>
    public string Key(string name) => _folder.File(name);

    /// <summary>Kills it, with all that it does for clients.</summary>
    public void Kill()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
    }

    /// <summary>Starts it again on its port after <see cref="Kill"/>.</summary>
    public void Restart()
    {
        _process.Dispose();
        Launch();
        Assert.True(IsListening(), $"sshd does not start again: {Messages}");
    }

    /// <summary>Ends it.</summary>
    public void Dispose()
    {
        if (!_process.HasExited)
            Kill();
        _process.Dispose();
        _folder.Dispose();
    }

    // Another process may have taken the port meanwhile.
    [System.Diagnostics.CodeAnalysis.MemberNotNull(nameof(_process))]
    private bool TryStart(string configuration)
    {
        Port = FreePort.Take();
        File.WriteAllText(
            _folder.File("configuration"),
            configuration.Replace("FOLDER", _folder.Path, StringComparison.Ordinal)
                .Replace("PORT", $"{Port}", StringComparison.Ordinal));
        Launch();
        if (IsListening())
            return true;
        _process.Dispose();
        return false;
    }

    [System.Diagnostics.CodeAnalysis.MemberNotNull(nameof(_process))]
    private void Launch()
    {
        string messages = _folder.File("messages");
        File.WriteAllText(messages, "");
        string start = $"exec /usr/sbin/sshd -D -e -f {_folder.File("configuration")} >>{messages} 2>&1";
        _process = _hasPassword
            ? Process.Start("unshare", ["-m", "/bin/sh", "-c", $"mount --bind {Key("shadow")} /etc/shadow && {start}"])
            : Process.Start("/bin/sh", ["-c", start]);
    }

    private bool IsListening()
    {
        for (Stopwatch waited = Stopwatch.StartNew(); waited.Elapsed < Patience; Thread.Sleep(5))
        {
            if (Messages.Contains("Server listening", StringComparison.Ordinal))
                return true;
            if (_process.HasExited)
                return false;
        }

        return false;
    }

    private void WriteKnown(string name, string key)
    {
        string[] words = File.ReadAllText(_folder.File($"{key}.pub")).Split(' ');
        File.WriteAllText(_folder.File(name), $"[127.0.0.1]:{Port} {words[0]} {words[1]}\n");
    }
}
