// Disks from the command line, used by real clients, and the examples of the manual. Not: the language (Plugins.Tests).

using NbdFast.Testing;

namespace NbdFast.Interop;

public sealed class DataDiskTests
{
    [Fact]
    public void Four_clients_at_once_see_one_disk_and_keep_their_quarters()
    {
        Requires.Tools("nbdsh");
        using ServerProcess server = ServerProcess.Start("data '( 0x55 0xAA )*2M'");
        server.Run("""
            for i in 0 1 2 3; do
                nbdsh -u $uri -c "
            import os
            assert h.can_multi_conn()
            start = $i << 20
            assert h.pread(1 << 20, start) == b'\x55\xaa' * (1 << 19)
            data = os.urandom(64 << 10)
            for offset in range(start, start + (1 << 20), 128 << 10):
                h.pwrite(data, offset, nbd.CMD_FLAG_FUA)
            h.zero(4096, start + 8192)
            for offset in range(start, start + (1 << 20), 128 << 10):
                assert h.pread(8192, offset) == data[:8192], offset
                assert h.pread(4096, offset + 12288) == data[12288:16384], offset
            assert h.pread(4096, start + 8192) == bytes(4096)
            h.shutdown()" & pids="$pids $!"
            done
            for pid in $pids; do wait $pid; done
            """);
    }

    [Theory]
    [InlineData("' ( 0x55 0xAA )*2048 '", "yes U\u00aa | tr -d '\\n\\302' | head -c 4096")]
    [InlineData("' ( \"Hello\" )*2000 ' size=8192", "yes Hello | tr -d '\\n' | head -c 8192")]
    [InlineData("base64=MTIz size=1M", "printf 123; head -c $((1048576-3)) /dev/zero")]
    [InlineData("raw='Hello, world!'", "printf 'Hello, world!'")]
    [InlineData("'0 1 2 3 @0x1fe 0x55 0xaa'", "printf '\\0\\1\\2\\3'; head -c 506 /dev/zero; printf '\\125\\252'")]
    [InlineData("'0 1 2 3 @^0x200 @-2 le16:0xaa55'",
        "printf '\\0\\1\\2\\3'; head -c 506 /dev/zero; printf '\\125\\252'")]
    [InlineData("' be32:0x1 '", "printf '\\0\\0\\0\\1'")]
    [InlineData("'$pattern*16' pattern='0x55 0xAA'", "yes U\u00aa | tr -d '\\n\\302' | head -c 32")]
    [InlineData(
        "' <( i=0; while :; do printf \"%04d\" $i; i=$((i+1)); done )[:32768] '",
        "seq -f %04g 0 8191 | tr -d '\\n'")]
    public void Examples_give_what_they_are_meant_to(string arguments, string content) => ShellCommand.Run(
        $"nbdfast -U - data {arguments} --run 'nbdcopy \"$uri\" -' | cmp - <({content})").Succeeded();

    [Fact]
    public void Files_are_aligned_to_sectors() => ShellCommand.Run("""
        folder=$(mktemp -d); cd $folder
        head -c 700 /dev/urandom >file1; head -c 512 /dev/urandom >file2; head -c 1 /dev/urandom >file3
        nbdfast -U - data ' <file1 @^512 <file2 @^512 <file3 @^512 ' --run 'nbdcopy "$uri" disk'
        cp file1 expected; truncate -s 1024 expected; cat file2 file3 >>expected; truncate -s 2048 expected
        cmp disk expected; result=$?; rm -r $folder; exit $result
        """).Succeeded();

    [Fact]
    public void A_partition_table_is_one()
    {
        Requires.Tools("nbdcopy");
        string disk = ShellCommand.Run("""
            disk=$(mktemp); trap "rm $disk" EXIT
            nbdfast -U - data '
              @0x1be    # MBR first partition entry
                0           # Partition status
                0 2 0       # CHS start
                0x83        # Partition type (Linux)
                0x20 0x20 0 # CHS last sector
                le32:1      # LBA first sector
                le32:0x7ff  # LBA number of sectors
              @0x1fe    # Boot signature
                0x55 0xaa
              ' size=1M --run "nbdcopy \"\$uri\" $disk" && sfdisk -d $disk
            """).Succeeded();
        Assert.Contains("start=           1, size=        2047, type=83", disk, System.StringComparison.Ordinal);
    }

    [Fact]
    public void Each_sector_has_the_same_random_data()
    {
        using ServerProcess server = ServerProcess.Start("data ' </dev/urandom[:512]*16 '");
        server.Run("""
            nbdcopy $uri copy && test $(stat -c %s copy) = 8192 && cmp -n 7680 copy copy 0 512
            test $(split -b 512 --filter 'sha256sum' copy | sort -u | wc -l) = 1
            """);
    }

    [Fact]
    public void Bytes_that_are_no_text_come_through_in_the_background_too() => ShellCommand.Run("""
        folder=$(mktemp -d)
        nbdfast -U $folder/s -P $folder/pid data raw=$'\xff\xfe\x80a' size=5 && nbdfast -U $folder/t -P $folder/pid2 \
            data '"'$'\xff''"*2 $v' v='"'$'\xfe''"'
        test "$(nbdcopy "nbd+unix:///?socket=$folder/s" - | od -An -tx1)" = ' ff fe 80 61 00' &&
            test "$(nbdcopy "nbd+unix:///?socket=$folder/t" - | od -An -tx1)" = ' ff ff fe'
        result=$?; kill $(cat $folder/pid $folder/pid2); rm -r $folder; exit $result
        """).Succeeded();

    [Fact]
    public void A_start_that_is_refused_leaves_nothing_behind() => ShellCommand.Run("""
        folder=$(mktemp -d)
        nbdfast -U - data '<(echo $$ >'$folder'/script; exec yes)[:10] 1 <(false)' --run true 2>$folder/errors
        test $? = 1 && grep -q 'external command failed with exit code 1 at offset' $folder/errors &&
            ! kill -0 $(cat $folder/script) 2>$folder/gone
        result=$?; rm -r $folder; exit $result
        """).Succeeded();
}
