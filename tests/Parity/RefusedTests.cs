// Command lines that cannot be served: the exit code, and the gist of the reason. Not: errors of requests
// (WrittenTests).

using NbdFast.Testing;

namespace NbdFast.Parity;

public sealed class RefusedTests
{
    [Theory]
    [InlineData("memory", "size")]
    [InlineData("memory size=", "could not parse size string ()")]
    [InlineData("memory abc", "could not parse size string (abc)")]
    [InlineData("memory 1X", "could not parse size: unknown suffix 'X'")]
    [InlineData("memory -- -1", "size cannot be negative (-1)")]
    [InlineData("memory 8E", "overflow computing size (8E)")]
    [InlineData("memory 9223372036854775808", "size (9223372036854775808) exceeds maximum value")]
    [InlineData("memory 1M foo=bar", "foo")]
    [InlineData("memory 1M allocator=nosuch", "nosuch")]
    [InlineData("null size=x", "could not parse size string (x)")]
    [InlineData("zero foo=1", "this plugin does not need command line configuration")]
    [InlineData("file", "you must supply")]
    [InlineData("file /nonexistent/disk", "/nonexistent/disk: No such file or directory")]
    [InlineData("file ''", "null or empty path")]
    [InlineData("file dir=/nonexistent/folder", "/nonexistent/folder: No such file or directory")]
    [InlineData("file disk fadvise=nosuch", "nosuch")]
    [InlineData("file disk cache=nosuch", "nosuch")]
    [InlineData("nosuchplugin", "nosuchplugin")]
    [InlineData("--filter=nosuchfilter memory 1M", "nosuchfilter")]
    [InlineData("--filter=offset memory 1M offset=abc", "could not parse size string (abc)")]
    [InlineData("--filter=delay memory 1M rdelay=-1", "rdelay: negative numbers are not allowed")]
    [InlineData("--filter=delay memory 1M wdelay=1x", "wdelay: could not parse number: \"1x\": trailing garbage")]
    [InlineData("--filter=fua memory 1M fuamode=nosuch", "nosuch")]
    [InlineData("--filter=nozero memory 1M zeromode=nosuch", "nosuch")]
    [InlineData("--filter=nozero memory 1M fastzeromode=nosuch", "nosuch")]
    [InlineData("--filter=cow memory 1M cow-on-cache=nosuch", "could not decipher boolean (nosuch)")]
    public void A_unit_refuses_the_same(string arguments, string gist) => RefuseAlike($"-U - {arguments}", gist);

    [Theory]
    [InlineData("", "")]
    [InlineData("--nosuchoption", "unrecognized option '--nosuchoption'")]
    [InlineData("-j memory 1M", "invalid option -- 'j'")]
    [InlineData("-U", "option requires an argument -- 'U'")]
    [InlineData("-U - memory 1M --run", "option '--run' requires an argument")]
    [InlineData("-U - -t 08 memory 1M", "threads: could not parse number: \"08\": trailing garbage")]
    [InlineData("-U - -t -1 memory 1M", "threads: negative numbers are not allowed")]
    [InlineData("-U - --mask-handshake=x1 memory 1M", "mask-handshake: ")]
    [InlineData("-U - --log=nosuch memory 1M", "--log must be")]
    [InlineData("-U - --tls=nosuch memory 1M", "nosuch")]
    [InlineData("-U /nonexistent/folder/socket memory 1M", "/nonexistent/folder/socket: No such file or directory")]
    [InlineData("-P /nonexistent/folder/pid -U - memory 1M", "/nonexistent/folder/pid: No such file or directory")]
    [InlineData("-p nosuchport memory 1M", "nosuchport")]
    [InlineData("-i 999.1.1.1 memory 1M", "999.1.1.1")]
    [InlineData("-s -p 1 memory 1M", "-p")]
    [InlineData("-s -U - memory 1M", "-U")]
    [InlineData("-s --run true memory 1M", "--run")]
    [InlineData("-s --vsock memory 1M", "--vsock")]
    [InlineData("-s memory 1M --dump-plugin", "--dump-plugin")]
    [InlineData("-U - --vsock memory 1M", "--vsock")]
    [InlineData("-o --tls=require -U - memory 1M", "cannot use oldstyle protocol (-o) and require TLS")]
    [InlineData("--vsock -p x memory 1M", "port: ")]
    [InlineData("--vsock -p 99999999999 memory 1M", "port: could not parse number: \"99999999999\"")]
    [InlineData("-U - -u nosuchuser memory 1M", "-u option: nosuchuser is not a valid user name or uid")]
    [InlineData("-U - -g nosuchgroup memory 1M", "-g option: nosuchgroup is not a valid group name or gid")]
    [InlineData("-U - --selinux-label=x memory 1M", "selinux-label: ")]
    [InlineData("-U - -D memory.nosuch memory 1M", "-D")]
    public void An_option_is_refused_the_same(string arguments, string gist) => RefuseAlike(arguments, gist);

    [Theory]
    [InlineData("--filter=offset memory 1M offset=2M")]
    [InlineData("--filter=offset memory 1M offset=512k range=1M")]
    [InlineData("-e nosuch file dir=folder")]
    [InlineData("-e ../disk file dir=folder")]
    public void A_client_is_refused_the_same(string server)
    {
        (CommandResult nbdkit, CommandResult nbdfast) = Twins.Run($"-U - {server} --run 'nbdinfo --size \"$uri\"'");
        Assert.Equal(nbdkit.ExitCode, nbdfast.ExitCode);
        Assert.NotEqual(0, nbdfast.ExitCode);
    }

    private static void RefuseAlike(string arguments, string gist)
    {
        (CommandResult nbdkit, CommandResult nbdfast) = Twins.Run($"-f {arguments}");
        nbdkit.Failed(1, gist);
        nbdfast.Failed(1, gist);
    }
}
