// Partition tables as the programs see them that are made for them, and partitions as real clients use them. Not: the
// bytes (Plugins.Tests).

using System;
using NbdFast.Testing;

namespace NbdFast.Interop;

public sealed class PartitioningDiskTests
{
    private const string Files = """
        for i in 1 2 3 4 5 6; do head -c $((i * 70001)) /dev/urandom >p$i; done
        """;

    [Theory]
    [InlineData("p1", "dos", "start= 2048, size= 137, type=83, bootable")]
    [InlineData("p1 mbr-id=0x82 p2 mbr-id=default p3 p4", "dos", "start= 4096, size= 274, type=82")]
    [InlineData("p1 p2 p3 p4 mbr-id=7 p5 p6 partition-type=mbr", "dos", "start= 10240, size= 684, type=7")]
    [InlineData("alignment=512 p1 p2 p3 p4 p5 p6 partition-type=mbr", "dos", "start= 138, size= 274, type=83")]
    [InlineData("p1 partition-type=gpt", "gpt", "name=\"p1\", attrs=\"LegacyBIOSBootable\"")]
    [InlineData("p1 p2 p3 p4 type-guid=C12A7328-F81F-11D2-BA4B-00A0C93EC93B p5", "gpt", "type=C12A7328-F81F-11D2-")]
    [InlineData("alignment=512 p1 alignment=4k p2 p3 p4 p5 p6", "gpt", "start= 176, size= 274")]
    public void The_table_is_sound(string arguments, string label, string entry)
    {
        Requires.Tools("nbdcopy", "sfdisk", "sgdisk");
        using ServerProcess server = ServerProcess.Start($"partitioning {arguments}", before: Files);
        server.Run("nbdcopy $uri image && sfdisk -V image");
        string dump = server.Run("sfdisk -d image | sed 's/  */ /g'");
        Assert.Contains($"label: {label}", dump, StringComparison.Ordinal);
        Assert.Contains(entry, dump, StringComparison.Ordinal);
        if (label == "gpt")
            Assert.Contains("No problems found", server.Run("sgdisk -v image"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mbr")]
    [InlineData("gpt")]
    public void Each_partition_is_its_file(string type)
    {
        Requires.Tools("nbdcopy", "sfdisk");
        using ServerProcess server = ServerProcess.Start(
            $"partitioning p1 alignment=8k p2 p3 p4 p5 p6 partition-type={type}", before: Files);
        server.Run("""
            set -e
            nbdcopy $uri image
            numbers=1\ 2\ 3\ 4\ 5\ 6; [ "$(sfdisk -d image | grep -c start=)" = 6 ] || numbers=1\ 2\ 3\ 5\ 6\ 7
            i=0
            for n in $numbers; do
                i=$((i + 1))
                start=$(sfdisk -d image | sed -n "s/^image$n : start= *\([0-9]*\),.*/\1/p")
                cmp -i $((start * 512)):0 -n $((i * 70001)) image p$i
            done
            """);
    }

    [Fact]
    public void A_changed_table_cannot_be_written()
    {
        Requires.Tools("nbdsh");
        using ServerProcess server = ServerProcess.Start("partitioning p1 p2", before: Files);
        CommandResult result = server.Try("nbdsh -u $uri -c 'h.pwrite(b\"x\" * 512, 0)'");
        Assert.Contains("Input/output error", result.Errors, StringComparison.Ordinal);
        server.HasSaid("attempt to change partition table of virtual disk");
        result = server.Try("nbdsh -u $uri -c 'h.pwrite(b\"x\" * 512, 512)'");
        Assert.Contains("Input/output error", result.Errors, StringComparison.Ordinal);
        server.HasSaid("write non-zeroes to padding region");
    }

    [Fact]
    public void A_file_system_is_made_in_a_partition_and_is_in_its_file()
    {
        Requires.Tools("nbdcopy", "mkfs.ext4", "debugfs");
        using ServerProcess server = ServerProcess.Start(
            "partitioning p1 fs", before: Files + "\ntruncate -s 8M fs");
        server.Run("""
            truncate -s 8M new && mkfs.ext4 -q new && echo hello >f && debugfs -w -R 'write f f' new 2>/dev/null
            nbdcopy $uri image && dd if=new of=image bs=1M seek=2 conv=notrunc status=none && nbdcopy image $uri
            cmp new fs && [ "$(debugfs -R 'cat f' fs 2>/dev/null)" = hello ]
            """);
    }

    [Fact]
    public void Four_clients_at_once_use_a_partition_each()
    {
        Requires.Tools("nbdsh");
        using ServerProcess server = ServerProcess.Start("partitioning p1 p2 p3 p4", before: Files);
        server.Run("""
            for i in 1 2 3 4; do
                nbdsh -u $uri -c "
            import os, random
            size = 70001 * $i
            disk = bytearray(h.pread(size, $i << 20))
            for step in range(300):
                start = random.randrange(size)
                count = random.randrange(min(40000, size - start)) + 1
                offset = ($i << 20) + start
                if step % 3 == 0:
                    data = os.urandom(count)
                    h.pwrite(data, offset)
                    disk[start:start + count] = data
                elif step % 10 == 1:
                    h.zero(count, offset)
                    disk[start:start + count] = bytes(count)
                else:
                    assert h.pread(count, offset) == disk[start:start + count], (offset, count)
            open('part$i', 'wb').write(disk)
            h.shutdown()" & pids="$pids $!"
            done
            for pid in $pids; do wait $pid; done
            for i in 1 2 3 4; do cmp p$i part$i; done
            """);
    }
}
