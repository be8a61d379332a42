// Random disks under both programs: what they can do, what they answer, what is refused. Not: their bytes, which are
// each program's own.

using NbdFast.Testing;

namespace NbdFast.Parity;

public sealed class RandomParityTests
{
    private const string Requests = """
        cat >requests <<'R'
        export uri
        nbdsh -c "
        import os
        h.connect_uri(os.environ['uri'])
        def tell(name, call):
            try: print(name, call())
            except nbd.Error as error: print(name, error.errno)
        data = h.pread(10000, 500)
        tell('same', lambda: h.pwrite(data, 500))
        tell('other', lambda: h.pwrite(bytes(data[:9999]) + bytes([data[9999] ^ 1]), 500))
        tell('flush', h.flush)
        tell('fua', lambda: h.pwrite(data, 500, nbd.CMD_FLAG_FUA))
        tell('trim', lambda: h.trim(4096, 0))
        tell('zero', lambda: h.zero(4096, 8192))
        tell('keep', lambda: h.zero(4096, 8192, nbd.CMD_FLAG_NO_HOLE))
        tell('fast', lambda: h.zero(4096, 8192, nbd.CMD_FLAG_FAST_ZERO))
        tell('cache', lambda: h.cache(4096, 8192))
        h.shutdown()"
        R
        """;

    [Theory]
    [InlineData("random 1M")]
    [InlineData("random size=1000 seed=0x10")]
    [InlineData("-r random 1M")]
    [InlineData("random 100G")]
    [InlineData("sparse-random 1M percent=0")]
    [InlineData("sparse-random 1000 percent=100 seed=7")]
    [InlineData("-r sparse-random 1M percent=100 random-content=true runlength=65536")]
    public void A_random_disk_looks_the_same(string server) => Twins.RunAlike(
        $"-U - {server} --run 'nbdinfo --json \"$uri\" | grep -v \"uri\\\\|content\"; nbdinfo --map \"$uri\"'")
        .Nbdkit.Succeeded();

    [Theory]
    [InlineData("random 1M")]
    [InlineData("sparse-random 1M percent=0")]
    [InlineData("sparse-random 1M percent=100")]
    [InlineData("sparse-random 1M percent=100 random-content=1")]
    public void Requests_are_answered_the_same(string server) =>
        Twins.RunAlike($"-U - {server} --run '. ./requests'", Requests).Nbdkit.Succeeded();

    [Theory]
    [InlineData("random 16M seed=1")]
    [InlineData("sparse-random 100M percent=50 runlength=1048576 seed=1")]
    [InlineData("sparse-random 20M percent=50 runlength=65536 random-content=true")]
    public void A_copy_to_itself_succeeds(string server) =>
        Twins.RunAlike($"-U - {server} --run 'nbdcopy \"$uri\" \"$uri\"'").Nbdkit.Succeeded();

    [Theory]
    [InlineData("random 1M seed=-1", "seed: negative numbers are not allowed")]
    [InlineData("random 1M seed=4294967296", "seed: could not parse number: \"4294967296\": Numerical result out of")]
    [InlineData("random 1M a=b", "unknown parameter 'a'")]
    [InlineData("random 1M 2Q", "could not parse size")]
    [InlineData("sparse-random 1M percent=101", "cannot parse percent parameter: 101")]
    [InlineData("sparse-random 1M percent=-1", "cannot parse percent parameter: -1")]
    [InlineData("sparse-random 1M percent=ten", "cannot parse percent parameter: ten")]
    [InlineData("sparse-random 1M runlength=0", "runlength parameter must be > 0")]
    [InlineData("sparse-random 1M random-content=maybe", "could not decipher boolean (maybe)")]
    [InlineData("sparse-random 1M seed=-1", "seed: negative numbers are not allowed")]
    public void A_start_is_refused_the_same(string server, string gist)
    {
        (CommandResult nbdkit, CommandResult nbdfast) = Twins.Run($"-U - {server} --run true");
        nbdkit.Failed(1, gist);
        nbdfast.Failed(1, gist);
    }
}
