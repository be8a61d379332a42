// qemu-img over NBD: images of other formats and comparisons. Not: single requests (QemuIoTests).

using NbdFast.Testing;

namespace NbdFast.Interop;

public sealed class QemuImgTests
{
    public QemuImgTests() => Requires.Tools("qemu-img");

    [Fact]
    public void The_size_shows_in_the_information()
    {
        using ServerProcess server = ServerProcess.Start("memory 10M");
        Assert.Contains("virtual size: 10 MiB (10485760 bytes)", server.Run("qemu-img info $uri"));
    }

    [Theory]
    [InlineData("memory 24M")]
    [InlineData("--no-sr memory 24M")]
    [InlineData("file disk")]
    [InlineData("-t 1 file disk")]
    public void A_converted_image_compares_equal(string arguments)
    {
        using ServerProcess server = ServerProcess.Start(arguments, before: "truncate -s 24M disk");
        TempDisk.CreateRandom(server.Folder + "/in", 24 << 20);
        server.Run(
            "qemu-img convert -n -f raw -O raw in $uri && qemu-img compare -f raw -F raw in $uri" +
            " && qemu-img convert -f raw -O raw $uri out && cmp in out");
    }

    [Fact]
    public void A_compressed_qcow2_is_written_and_read_over_nbd()
    {
        using ServerProcess server = ServerProcess.Start("memory 64M");
        server.Run(
            "head -c 5M /dev/urandom >in && truncate -s 20M in && qemu-img create -q -f qcow2 $uri 20M" +
            " && qemu-img convert -n -f raw -O qcow2 in $uri" +
            " && qemu-img check -f qcow2 $uri && qemu-img compare -f raw -F qcow2 in $uri");
    }

    [Fact]
    public void Comparing_finds_a_changed_byte()
    {
        Requires.Tools("qemu-io");
        using ServerProcess server = ServerProcess.Start("memory 1M", before: "truncate -s 1M in");
        server.Run("qemu-io -f raw -c 'write -P 1 65536 512' $uri");
        CommandResult result = server.Try("qemu-img compare -f raw -F raw in $uri");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("Content mismatch at offset 65536!", result.Output);
    }

    [Fact]
    public void The_map_tells_data_from_zeros()
    {
        Requires.Tools("qemu-io");
        using ServerProcess server = ServerProcess.Start("memory 1M");
        server.Run("qemu-io -f raw -c 'write -P 1 65536 64k' $uri");
        string map = server.Run("qemu-img map --output=json $uri | tr -d ' \\n'");
        Assert.Contains("""{"start":65536,"length":65536,"depth":0,"present":true,"zero":false,"data":true""", map);
        Assert.Contains("""{"start":131072,"length":917504,"depth":0,"present":true,"zero":true,"data":false""", map);
    }

    [Fact]
    public void An_overlay_on_a_read_only_disk_takes_the_writes()
    {
        Requires.Tools("qemu-io");
        using ServerProcess server = ServerProcess.Start("-r pattern 1M");
        server.Run(
            "qemu-img create -q -f qcow2 -F raw -b $uri overlay" +
            " && qemu-io -f qcow2 -c 'write -P 7 0 512' -c 'read -P 7 0 512' overlay");
    }
}
