// Single requests as qemu's block layer makes them. Not: libnbd's (NbdshTests).

using NbdFast.Testing;

namespace NbdFast.Interop;

public sealed class QemuIoTests
{
    public QemuIoTests() => Requires.Tools("qemu-io");

    [Theory]
    [InlineData("memory 16M")]
    [InlineData("--no-sr memory 16M")]
    [InlineData("file disk")]
    [InlineData("--filter=offset memory 32M offset=1M range=16M")]
    public void Patterns_are_read_as_they_were_written(string arguments)
    {
        using ServerProcess server = ServerProcess.Start(arguments, before: "truncate -s 16M disk");
        string output = server.Run(
            "qemu-io -f raw" +
            " -c 'write -P 0xaa 0 1M' -c 'write -P 0x55 1000 3001' -c 'write -z 200k 100k' -c 'write -zu 400k 64k'" +
            " -c 'write -P 3 15M 1M' -c 'write -f -P 4 8M 64k' -c 'discard 8M 64k' -c flush" +
            " -c 'read -P 0xaa 0 1000' -c 'read -P 0x55 1000 3001' -c 'read -P 0xaa 4001 100k'" +
            " -c 'read -P 0 200k 100k' -c 'read -P 0 400k 64k' -c 'read -P 3 15M 1M' -c 'read -P 0 2M 1M' $uri");
        Assert.DoesNotContain("verification failed", output);
        Assert.DoesNotContain("error", output);
    }

    [Fact]
    public void Requests_in_flight_side_by_side_do_not_mix()
    {
        using ServerProcess server = ServerProcess.Start("memory 16M");
        string output = server.Run(
            "for i in 1 2 3 4 5 6 7 8; do echo aio_write -P $i ${i}M 1M; done >script; echo aio_flush >>script;" +
            "for i in 1 2 3 4 5 6 7 8; do echo aio_read -P $i ${i}M 1M; done >>script; echo aio_flush >>script;" +
            "qemu-io -f raw $uri <script");
        Assert.DoesNotContain("verification failed", output);
        Assert.DoesNotContain("failed", output);
    }

    [Fact]
    public void A_read_only_disk_cannot_be_opened_for_writing()
    {
        using ServerProcess server = ServerProcess.Start("-r memory 1M");
        server.Try("qemu-io -f raw -c 'write 0 512' $uri").Failed(1, "Permission denied");
        server.Run("qemu-io -r -f raw -c 'read -P 0 0 512' $uri");
    }

    [Fact]
    public void A_vectored_write_arrives_in_order()
    {
        using ServerProcess server = ServerProcess.Start("memory 1M");
        string output = server.Run(
            "qemu-io -f raw -c 'writev -P 9 512 512 1024 4096' -c 'read -P 9 512 5632' -c 'read -P 0 6144 512' $uri");
        Assert.DoesNotContain("verification failed", output);
    }
}
