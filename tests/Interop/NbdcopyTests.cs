// Copies with nbdcopy, which keeps many requests in flight on several connections. Not: small requests (NbdshTests).

using NbdFast.Testing;

namespace NbdFast.Interop;

public sealed class NbdcopyTests
{
    private const long Size = 24 << 20;

    public NbdcopyTests() => Requires.Tools("nbdcopy");

    [Theory]
    [InlineData("memory 24M", "")]
    [InlineData("memory 24M", "-C 1")]
    [InlineData("memory 24M", "-C 4 -R 64")]
    [InlineData("memory 24M", "--request-size=2097152")]
    [InlineData("memory 24M", "--synchronous")]
    [InlineData("--no-sr memory 24M", "")]
    [InlineData("-t 1 memory 24M", "-C 4")]
    [InlineData("file disk", "")]
    [InlineData("file disk", "-C 4 -R 64")]
    [InlineData("file disk", "--synchronous")]
    public void What_is_copied_in_comes_out_again(string arguments, string options)
    {
        using ServerProcess server = ServerProcess.Start(arguments, before: "truncate -s 24M disk");
        TempDisk.CreateRandom(server.Folder + "/in", Size);
        server.Run($"nbdcopy {options} in $uri && nbdcopy {options} $uri out && cmp in out");
    }

    [Fact]
    public void What_is_copied_into_a_file_is_in_the_file()
    {
        using ServerProcess server = ServerProcess.Start("file disk", before: "truncate -s 24M disk");
        TempDisk.CreateRandom(server.Folder + "/in", Size);
        server.Run("nbdcopy --flush in $uri && cmp in disk");
    }

    [Fact]
    public void A_copy_from_a_pipe_arrives()
    {
        using ServerProcess server = ServerProcess.Start("memory 16M");
        server.Run("head -c 16M /dev/urandom >in && cat in | nbdcopy - $uri && nbdcopy $uri - | cmp in -");
    }

    [Fact]
    public void A_pattern_is_what_the_manual_says_it_is()
    {
        // Every 8 bytes hold their own offset, big endian.
        using ServerProcess server = ServerProcess.Start("pattern 1M");
        server.Run(
            "nbdcopy $uri out && /usr/bin/python3 -c 'import struct; " +
            "open(\"expected\", \"wb\").write(b\"\".join(struct.pack(\">Q\", i) for i in range(0, 1 << 20, 8)))'" +
            " && cmp expected out");
    }

    [Fact]
    public void A_sparse_disk_is_copied_sparsely()
    {
        using ServerProcess server = ServerProcess.Start("memory 1G");
        server.Run("nbdcopy $uri out");
        Assert.Equal("1073741824 0", server.Run("stat -c '%s %b' out"));
    }

    [Fact]
    public void One_server_copies_to_another()
    {
        using ServerProcess source = ServerProcess.Start("pattern 24M");
        using ServerProcess target = ServerProcess.StartTcp("memory 24M");
        source.Run($"nbdcopy $uri {target.Uri} && nbdcopy $uri a && nbdcopy {target.Uri} b && cmp a b");
    }

    [Fact]
    public void Copying_to_a_read_only_disk_fails()
    {
        using ServerProcess server = ServerProcess.Start("-r memory 1M");
        server.Try("truncate -s 1M in && nbdcopy in $uri").Failed(1, "read-only");
    }

    [Fact]
    public void Copying_to_a_full_disk_fails_with_no_space_left()
    {
        using ServerProcess server = ServerProcess.Start("full 1M");
        server.Try("head -c 1M /dev/urandom >in; nbdcopy in $uri").Failed(1, "No space left on device");
    }
}
