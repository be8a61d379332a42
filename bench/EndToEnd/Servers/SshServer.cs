// sshd with keys of a run's own, for rows about files of another host. Not: the files (Stage).

using System;
using System.Collections.Generic;
using System.IO;
using NbdFast.Bench.EndToEnd.Load;

namespace NbdFast.Bench.EndToEnd.Servers;

/// <summary>An OpenSSH server on this machine, which lets in who runs the benchmark.</summary>
internal sealed class SshServer : IDisposable
{
    /// <summary>The program.</summary>
    public const string Program = "sshd";

    private const string Configuration = """
        ListenAddress 127.0.0.1
        Port PORT
        HostKey FOLDER/host
        PidFile none
        AuthorizedKeysFile FOLDER/id.pub
        PermitRootLogin yes
        StrictModes no
        UsePAM no
        MaxStartups 1000
        Subsystem sftp internal-sftp
        """;

    private readonly StartedProgram _program;
    private readonly string _folder;
    private readonly int _port;

    private SshServer(StartedProgram program, string folder, int port)
    {
        _program = program;
        _folder = folder;
        _port = port;
    }

    /// <summary>Starts it and waits until it listens.</summary>
    /// <param name="folder">Is made, for keys and configuration.</param>
    /// <exception cref="LoadException">It does not start.</exception>
    public static SshServer Start(string folder)
    {
        Directory.CreateDirectory(folder);
        if (Environment.IsPrivilegedProcess)
            Directory.CreateDirectory("/run/sshd");   // sshd wants it, and elsewhere a service makes it.
        int port = RunningServer.FreePort();
        string configuration = Path.Combine(folder, "configuration");
        string log = Path.Combine(folder, "log");
        File.WriteAllText(
            configuration,
            Configuration.Replace("FOLDER", folder, StringComparison.Ordinal)
                .Replace("PORT", $"{port}", StringComparison.Ordinal) + "\n");
        foreach (string key in (string[])["host", "id"])
            Tool.Succeed("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", Path.Combine(folder, key)]);
        string[] words = File.ReadAllText(Path.Combine(folder, "host.pub")).Split(' ');
        File.WriteAllText(Path.Combine(folder, "known"), $"[127.0.0.1]:{port} {words[0]} {words[1]}\n");
        string[] arguments = ["-D", "-f", configuration, "-E", log];
        return new SshServer(StartedProgram.Start(Program, arguments, log, () => IsListening(log)), folder, port);
    }

    /// <summary>What the ssh plugin needs to serve a file.</summary>
    /// <param name="path">Its whole path.</param>
    public IReadOnlyList<string> Parameters(string path) =>
    [
        "ssh", "host=127.0.0.1", $"port={_port}", "config=", $"known-hosts={Path.Combine(_folder, "known")}",
        $"identity={Path.Combine(_folder, "id")}", path,
    ];

    /// <summary>Ends it.</summary>
    public void Dispose() => _program.Dispose();

    private static bool IsListening(string log) =>
        File.Exists(log) && File.ReadAllText(log).Contains("Server listening", StringComparison.Ordinal);
}
