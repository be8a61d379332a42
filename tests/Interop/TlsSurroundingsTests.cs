// TLS and what is around the server: folders, the environment, URIs. Not: connections (TlsClientTests).

using System.IO;
using NbdFast.Testing;
using static NbdFast.Interop.TlsServer;

namespace NbdFast.Interop;

public sealed class TlsSurroundingsTests
{
    [Theory]
    [InlineData("--tls=require", "nbds+unix", "2")]
    [InlineData("--tls=on", "nbd+unix", "1")]
    [InlineData("", "nbd+unix", "1")]
    [InlineData("--tls=off", "nbd+unix", "none")]
    public void The_command_of_run_is_told_what_there_is(string option, string scheme, string tls)
    {
        const string Command = "echo ${uri%%:*} ${tls-none} $tls_certificates";
        string told = ShellCommand.Run(
            With($"nbdfast -U - {option} --tls-certificates=$tls/server null --run '{Command}'")).Succeeded();
        Assert.Equal($"{scheme} {tls} {TlsFiles.Of("server")}", told);
    }

    [Fact]
    public void The_URI_that_is_printed_is_one_of_TLS_where_that_is_required()
    {
        string printed = ShellCommand.Run(
            With("nbdfast -U - --print-uri --tls=require --tls-psk=$tls/keys.psk null --run true")).Succeeded();
        Assert.StartsWith("nbds+unix://?socket=/", printed);
    }

    [Fact]
    public void Keys_can_be_logged_and_are_not_where_privileges_are_dropped()
    {
        const string Client = "nbdinfo --size \"nbds+unix://alice@/?socket=$unixsocket&tls-psk-file=$tls/keys.psk\"";
        using TempFolder folder = new();
        string log = folder.File("keys");
        string start = $"SSLKEYLOGFILE={log} nbdfast -U - --tls=require --tls-psk=$tls/keys.psk ";
        ShellCommand.Run(With($"{start} null 1M --run '{Client}'")).Succeeded();
        Assert.Contains("SERVER_TRAFFIC_SECRET_0 ", File.ReadAllText(log));
        File.Delete(log);
        // Whoever it is already, which everybody may become.
        ShellCommand.Run(With($"{start} -u $(id -u) null 1M --run '{Client}'")).Succeeded();
        Assert.False(File.Exists(log));
    }

    [SkippableTheory]
    [InlineData(".pki/nbdkit")]
    [InlineData(".config/pki/nbdkit")]
    public void An_ordinary_user_has_certificates_in_a_folder_of_the_home(string folder)
    {
        Skip.If(System.Environment.IsPrivilegedProcess, "root has them in /etc");
        using TempFolder home = new();
        string client = "nbdinfo --size \"nbds+unix:///?socket=$unixsocket&tls-certificates=$tls/client\"";
        ShellCommand.Run(With($"mkdir -p {home.Path}/{folder} && cp $tls/server/* {home.Path}/{folder}/ && "
            + $"HOME={home.Path} nbdfast -U - --tls=require null 1M --run '{client}'")).Succeeded();
    }

    [Fact]
    public void Relative_paths_are_meant_from_where_the_server_was_started()
    {
        using TempFolder folder = new();
        string client = "nbdinfo --size \"nbds+unix://alice@/?socket=$PWD/s&tls-psk-file=$tls/keys.psk\"";
        // In the background its folder is another one.
        ShellCommand.Run(With($"cd {folder.Path} && cp $tls/keys.psk . && "
            + "nbdfast -P pid -U s --tls=require --tls-psk=keys.psk null 1M && "
            + $"{client}; code=$?; kill $(cat pid); exit $code")).Succeeded();
    }
}
