// fio's NBD engine, with verification of all it wrote. Not: measurements (bench).

using NbdFast.Testing;

namespace NbdFast.Interop;

public sealed class FioTests
{
    [Theory]
    [InlineData("memory 16M", "randrw", "4k", 32)]
    [InlineData("memory 16M", "randwrite", "1k-64k", 16)]
    [InlineData("--no-sr memory 16M", "randrw", "4k", 32)]
    [InlineData("file disk", "randrw", "4k", 32)]
    [InlineData("file disk", "write", "256k", 4)]
    [InlineData("--filter=cow file disk", "randrw", "4k-32k", 16)]
    public void All_that_was_written_verifies(string arguments, string pattern, string sizes, int depth)
    {
        Requires.Tools("fio");
        using ServerProcess server = ServerProcess.Start(arguments, before: "truncate -s 16M disk");
        string range = sizes.Contains('-', System.StringComparison.Ordinal) ? "bsrange" : "bs";
        server.Run(
            "fio --name=verify --ioengine=nbd --uri=$uri --size=16M --randseed=1 --verify=crc32c --verify_fatal=1" +
            $" --do_verify=1 --rw={pattern} --{range}={sizes} --iodepth={depth} --output-format=terse");
    }

    [Fact]
    public void Several_jobs_on_their_own_connections_verify()
    {
        Requires.Tools("fio");
        using ServerProcess server = ServerProcess.Start("memory 32M");
        server.Run(
            "fio --name=verify --ioengine=nbd --uri=$uri --size=8M --numjobs=4 --offset_increment=8M --verify=crc32c" +
            " --verify_fatal=1 --rw=randwrite --bs=4k --iodepth=16 --thread --output-format=terse");
    }
}
