// Random disks, sparse or not, used by real clients. Not: which bytes they have (Plugins.Tests).

using NbdFast.Testing;

namespace NbdFast.Interop;

public sealed class RandomDiskTests
{
    // Bytes, and the sum of all of them, are in the page of the plugin.
    private const string Sum = "nbdcopy $uri - | sha256sum | cut -c1-64";

    [Theory]
    [InlineData("random 1M seed=7")]
    [InlineData("random 1M seed=7 fast=true")]
    [InlineData("sparse-random 32M seed=7 percent=50 runlength=64k")]
    [InlineData("sparse-random 32M seed=7 percent=50 runlength=64k random-content=true")]
    public void Two_servers_with_one_seed_serve_the_same_disk_to_all_clients(string disk)
    {
        Requires.Tools("nbdcopy", "qemu-img");
        using ServerProcess one = ServerProcess.Start(disk);
        using ServerProcess two = ServerProcess.Start(disk);
        string sum = one.Run(Sum);
        Assert.Equal(sum, two.Run(Sum));
        Assert.Equal(sum, one.Run("qemu-img convert -f raw -O raw $uri copy && sha256sum <copy | cut -c1-64"));
    }

    [Theory]
    [InlineData("random 16M")]
    [InlineData("random 16M fast=true")]
    [InlineData("sparse-random 1G")]
    [InlineData("sparse-random 64M percent=50 runlength=32k random-content=true blocksize=1k")]
    public void A_copy_to_itself_succeeds_and_one_to_another_disk_fails(string disk)
    {
        Requires.Tools("nbdcopy", "qemu-img");
        using ServerProcess server = ServerProcess.Start($"{disk} seed=1");
        using ServerProcess other = ServerProcess.Start($"{disk} seed=2");
        server.Run("nbdcopy $uri $uri && qemu-img convert -n -f raw -O raw $uri $uri");
        server.Run($"! nbdcopy $uri '{other.Uri}' 2>errors && grep 'Input/output error' errors");
    }

    [Theory]
    [InlineData("random 1M seed=5")]
    [InlineData("random 1M seed=5 fast=1")]
    [InlineData("sparse-random 1M seed=5 percent=50 runlength=4k blocksize=1k")]
    [InlineData("sparse-random 1M seed=5 percent=50 runlength=4k blocksize=1k random-content=1")]
    public void Four_clients_at_once_read_any_part_as_it_is(string disk)
    {
        Requires.Tools("nbdsh");
        using ServerProcess server = ServerProcess.Start(disk);
        server.Run("""
            for i in 1 2 3 4; do
                nbdsh -u $uri -c "
            import random
            random.seed($i)
            whole = h.pread(1 << 20, 0)
            for n in range(300):
                offset = random.randrange(1 << 20)
                length = random.randint(1, min(20000, (1 << 20) - offset))
                assert h.pread(length, offset) == whole[offset:offset + length], (offset, length)
                h.pwrite(whole[offset:offset + length], offset)
            h.shutdown()" & pids="$pids $!"
            done
            for pid in $pids; do wait $pid; done
            """);
    }

    [Fact]
    public void The_holes_of_ten_terabytes_are_listed_in_no_time_and_hold_no_data()
    {
        Requires.Tools("nbdinfo", "nbdsh");
        using ServerProcess server = ServerProcess.Start("sparse-random 10T seed=3 percent=25");
        Assert.Matches("2[45][.][0-9]% +0 data", server.Run("nbdinfo --map --totals $uri"));
        server.Run("""
            nbdsh -c "
            import os
            h.add_meta_context('base:allocation')
            h.connect_uri(os.environ['uri'])
            extents = []
            def add(name, offset, entries, error):
                extents.extend(zip(entries[0::2], entries[1::2]))
            h.block_status(1 << 31, 5 << 40, add)
            at = 5 << 40
            for length, flags in extents:
                for place in (at, at + length - 4096):
                    assert (h.pread(4096, place) == bytes(4096)) == (flags == 3), place
                at += length
            assert len(extents) > 2
            h.shutdown()"
            """);
    }
}
