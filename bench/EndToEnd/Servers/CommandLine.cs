// How each server is told to serve the same thing. Not: starting it (RunningServer).

using System.Collections.Generic;
using System.IO;

namespace NbdFast.Bench.EndToEnd.Servers;

/// <summary>The arguments of the servers.</summary>
internal static class CommandLine
{
    /// <summary>The name of the export of nbd-server, which has no nameless one.</summary>
    public const string NamedExport = "disk";

    private const string ManyClients = "1100";   // More than any row has.

    /// <summary>Whether a kind of server has a backend.</summary>
    public static bool Has(ServerKind kind, Backend backend) => kind switch
    {
        ServerKind.NbdFast or ServerKind.Nbdkit => Needs(backend) is not { } tool || Tool.Find(tool) != null,
        ServerKind.QemuNbd => backend == Backend.Null || IsPlainFile(backend),
        _ => IsPlainFile(backend),
    };

    /// <summary>The arguments of a server in the foreground, or of nbd-server, which goes to the background.</summary>
    /// <param name="kind">Whose.</param>
    /// <param name="backend">What it serves.</param>
    /// <param name="endpoint">Where.</param>
    /// <param name="stage">Its files, and the size of the disk.</param>
    public static IReadOnlyList<string> Of(ServerKind kind, Backend backend, Endpoint endpoint, Stage stage) =>
        kind switch
        {
            ServerKind.NbdFast or ServerKind.Nbdkit =>
                ["-f", .. Address(endpoint), .. Tls(endpoint, stage), .. Nbdkit(kind, backend, stage)],
            ServerKind.QemuNbd => Qemu(backend, endpoint, stage),
            _ => NbdServer(backend, endpoint, stage),
        };

    /// <summary>Plugin, parameters and filters as nbdkit and nbdfast take them.</summary>
    public static IReadOnlyList<string> Nbdkit(ServerKind kind, Backend backend, Stage stage)
    {
        string size = stage.DiskBytes.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return backend switch
        {
            Backend.Null => ["null", size],
            Backend.Memory => ["memory", size],
            Backend.File or Backend.ColdFile => ["file", stage.ReadFile],
            Backend.WrittenFile => ["file", stage.WrittenFile],
            // nbdkit hands every request to a thread already: this is what it always does.
            Backend.MayBlock when kind == ServerKind.NbdFast => ["-D", "nbdkit.mayblock=1", "null", size],
            Backend.MayBlock => ["null", size],
            Backend.SleepBesideDefault when kind == ServerKind.Nbdkit =>
                ["--filter=delay", "null", size, "rdelay=5ms"],
            // Zeros that are sent as data, which those of null and memory may not be.
            Backend.Remote =>
                ["nbd", $"command={stage.Source.Path}", "arg=ones", $"arg={size}", "arg=byte=0"],
            Backend.Web => ["-r", "curl", stage.Url],
            Backend.Ssh => ["-r", .. stage.Ssh.Parameters(stage.ReadFile)],
            Backend.WrittenSsh => stage.Ssh.Parameters(stage.WrittenFile),
            Backend.Coprocess => ["sh", stage.Script(isForEachCall: false), $"size={size}"],
            Backend.PythonCalls => ["sh", stage.Script(isForEachCall: true), $"size={size}"],
            Backend.ShellCalls => [.. ShellCalls(size), "thread_model=echo parallel"],
            Backend.ShellCallsInTurn => ShellCalls(size),
            Backend.Sleep or Backend.SleepBesideDefault =>
                ["--threads", "64", "--filter=delay", "null", size, "rdelay=5ms"],
            _ =>
            [
                "--filter=nozero", "--filter=noextents", "--filter=fua", "--filter=offset", "null", size,
            ],
        };
    }

    private static bool IsPlainFile(Backend backend) =>
        backend is Backend.File or Backend.WrittenFile or Backend.ColdFile;

    private static string? Needs(Backend backend) => backend switch
    {
        Backend.Web => WebServer.Program,
        Backend.Ssh or Backend.WrittenSsh => SshServer.Program,
        Backend.Coprocess or Backend.PythonCalls => "python3",
        _ => null,
    };

    private static string[] ShellCalls(string size) => ["eval", $"get_size=echo {size}", "pread=head -c $3 /dev/zero"];

    // Not "require": the disk is filled without.
    private static string[] Tls(Endpoint endpoint, Stage stage) =>
        endpoint.IsTls ? ["--tls=on", $"--tls-certificates={stage.Certificates}"] : [];

    private static string[] Address(Endpoint endpoint) =>
        endpoint.IsTcp ? ["-i", "127.0.0.1", "-p", $"{endpoint.Port}"] : ["-U", endpoint.Socket];

    private static string[] Qemu(Backend backend, Endpoint endpoint, Stage stage)
    {
        string[] address = endpoint.IsTcp
            ? ["-b", "127.0.0.1", "-p", $"{endpoint.Port}"]
            : ["-k", endpoint.Socket];
        string[] image = backend == Backend.Null
            ? ["--image-opts", $"driver=null-co,size={stage.DiskBytes},read-zeroes=on"]
            : ["-f", "raw", "--cache=writeback", "--aio=threads", stage.FileOf(backend)];
        return ["-t", "-e", ManyClients, .. address, .. image];
    }

    private static string[] NbdServer(Backend backend, Endpoint endpoint, Stage stage)
    {
        string listen = endpoint.IsTcp
            ? $"listenaddr = 127.0.0.1\nport = {endpoint.Port}\n"
            : $"unixsock = {endpoint.Socket}\nlistenaddr = 127.0.0.1\nport = {RunningServer.FreePort()}\n";
        string file = stage.FileOf(backend);
        string text = $"[generic]\n{listen}allowlist = true\n[{NamedExport}]\nexportname = {file}\n";
        File.WriteAllText(stage.Configuration, text);
        return ["-C", stage.Configuration, "-p", stage.ProcessFile];
    }
}
