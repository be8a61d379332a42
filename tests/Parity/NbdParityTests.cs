// The nbd plugin of both programs before the same servers: what clients see, what is refused. Not: errors of requests
// to a server that has gone, which nbdkit takes for invalid ones.

using NbdFast.Testing;

namespace NbdFast.Parity;

public sealed class NbdParityTests
{
    // Descriptor 63 is bash's own, of the pipe that fills the files: whoever keeps it keeps the shell from ending.
    private const string ToBackground = ">/dev/null 2>&1 </dev/null 63<&-";

    [Theory]
    [InlineData("memory 1M")]
    [InlineData("--no-sr memory 1M")]
    [InlineData("-o memory 1M")]
    [InlineData("--mask-handshake=0 memory 1M")]
    [InlineData("-r file sparse")]
    [InlineData("file sparse")]
    [InlineData("--filter=nozero memory 1M")]
    [InlineData("--filter=nozero memory 1M zeromode=notrim")]
    [InlineData("--filter=noextents memory 1M")]
    [InlineData("eval get_size='echo 1M' pread='head -c $3 /dev/zero' pwrite='cat >/dev/null'")]
    [InlineData("eval get_size='echo 1M' pread='head -c $3 /dev/zero' pwrite=true flush=true can_fua='echo none'")]
    [InlineData("eval get_size='echo 1M' pread='head -c $3 /dev/zero' block_size='echo 1 4k 32M' is_rotational=true")]
    [InlineData("eval get_size='echo 1M' pread='head -c $3 /dev/zero' export_description='echo text'")]
    public void An_export_looks_the_same_through_both(string server) => Twins.RunAlike(
        "-U - nbd socket=$PWD/s --run '. ./probe; nbdinfo --list --json \"$uri\" | grep -v uri' "
        + "|| code=$?; kill $(cat pid); exit $code",
        $"nbdkit -P $PWD/pid -U $PWD/s {server} {ToBackground}").Nbdkit.Succeeded();

    [Theory]
    [InlineData("nbd", "exactly one of ‘socket’, ‘hostname’, ‘vsock’, ‘command’, ‘socket-fd’ and ‘uri’ parameters")]
    [InlineData("nbd port=5", "exactly one of")]
    [InlineData("nbd socket=/x hostname=y", "cannot mix Unix ‘socket’, TCP ‘hostname’/‘port’, ‘vsock’")]
    [InlineData("nbd socket=/x arg=y", "cannot mix")]
    [InlineData("nbd socket=/x port=5", "‘port’ parameter should only be used with ‘hostname’ or ‘vsock’")]
    [InlineData("nbd socket=/x export=y dynamic-export=1", "cannot mix 'dynamic-export' with explicit export name")]
    [InlineData("nbd socket=/x shared=1 dynamic-export=1", "cannot use 'dynamic-export' with shared connection")]
    [InlineData("nbd command=x dynamic-export=1", "cannot use 'dynamic-export' with shared connection")]
    [InlineData("nbd socket=/x tls=perhaps", "could not decipher boolean (perhaps)")]
    [InlineData("nbd socket=/x shared=perhaps", "could not decipher boolean (perhaps)")]
    [InlineData("nbd socket=/x retry=-1", "retry: negative numbers are not allowed")]
    [InlineData("nbd socket=/$(printf %0200d 0)", "socket file name too large")]
    [InlineData("nbd foo=bar", "unknown parameter 'foo'")]
    [InlineData("-f -U - nbd socket=/nonexistent/s shared=1", "connect: No such file or directory")]
    public void A_start_is_refused_the_same(string server, string gist)
    {
        (CommandResult nbdkit, CommandResult nbdfast) = Twins.Run($"{server} </dev/null");
        nbdkit.Failed(1, gist);
        nbdfast.Failed(1, gist);
    }
}
