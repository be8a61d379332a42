// Partitioned disks under both programs: the same bytes, but for the GUIDs of a GPT and the sums over them. Not: names
// that do not fit (docs/parity.md).

using NbdFast.Testing;

namespace NbdFast.Parity;

public sealed class PartitioningParityTests
{
    private const string Files = "head -c 1000 disk >a; head -c 70000 disk >b; head -c 513 disk >c; : >empty";

    [Theory]
    [InlineData("a")]
    [InlineData("-r a")]
    [InlineData("a b c sparse")]
    [InlineData("alignment=512 a b")]
    [InlineData("a alignment=2048 b mbr-id=7 alignment=512 c partition-type=dos a b")]
    [InlineData("a mbr-id=0x82 b mbr-id=default c")]
    [InlineData("mbr-id=100 a b c a b c partition-type=mbr")]
    [InlineData("partition-type=MBR a a a b c")]
    public void An_mbr_disk_is_the_same(string arguments)
    {
        const string Probe = "nbdinfo --json \"$uri\" | grep -v \"uri\\|content\\|contexts\\|base:\" "
            + "&& nbdcopy \"$uri\" copy && sha256sum <copy";
        Twins.RunAlike($"-U - {Placed(arguments)} --run '{Probe}'", Files).Nbdkit.Succeeded();
    }

    [Theory]
    [InlineData("a partition-type=gpt")]
    [InlineData("a b c a b")]
    [InlineData("partition-type=gpt alignment=512 a b type-guid=C12A7328-F81F-11D2-BA4B-00A0C93EC93B c")]
    [InlineData("partition-type=GPT alignment=32k a type-guid={c12a7328-f81f-11d2-ba4b-00a0c93ec93b} b c")]
    public void A_gpt_disk_is_the_same_but_for_its_numbers(string arguments)
    {
        // Both headers and both tables, with zeroes where GUIDs and sums are.
        const string Script = """
            import os
            disk = bytearray(h.pread(h.get_size(), 0))
            def clear(start, count): disk[start:start + count] = bytes(count)
            for header, entries in ((512, 1024), (len(disk) - 512, len(disk) - 512 - 16384)):
                clear(header + 16, 4); clear(header + 56, 16); clear(header + 88, 4)
                for i in range(128): clear(entries + 128 * i + 16, 16)
            open('copy', 'wb').write(disk)
            """;
        Twins.RunAlike(
            $"-U - {Placed(arguments)} --run 'nbdsh -u \"$uri\" -c \"$(cat script)\" && sha256sum <copy'",
            $"{Files}\ncat >script <<'S'\n{Script}\nS").Nbdkit.Succeeded();
    }

    [Theory]
    [InlineData("h.pwrite(h.pread(512, 0), 0)")]
    [InlineData("h.pwrite(b'x' * 512, 0)")]
    [InlineData("h.pwrite(bytes(512), 512)")]
    [InlineData("h.pwrite(b'x' * 512, 1024)")]
    [InlineData("h.zero(512, 0)")]
    [InlineData("h.zero(512, 512)")]
    [InlineData("h.pwrite(b'x' * 1000, 1 << 20)")]
    [InlineData("h.pwrite(b'x' * 24, (1 << 20) + 1000)")]
    [InlineData("h.zero(2 << 20, 512)")]
    public void A_write_is_answered_the_same(string call) => Twins.RunAlike(
        "-U - partitioning a b --run 'nbdsh -u \"$uri\" -c \"$(cat script)\" "
        + "&& nbdcopy \"$uri\" copy && sha256sum <copy'",
        $"{Files}\necho \"try: print({call})\nexcept nbd.Error as e: print(e.errno)\" >script")
        .Nbdkit.Succeeded();

    [Theory]
    [InlineData("partitioning", "at least one file= parameter must be supplied")]
    [InlineData("partitioning nosuch", "nosuch: No such file or directory")]
    [InlineData("partitioning empty", "empty: zero length partitions are not allowed")]
    [InlineData("partitioning folder", "folder: Is a directory")]
    [InlineData("partitioning a partition-type=", "unknown partition-type: ")]
    [InlineData("partitioning alignment=1000 a", "partition alignment 1000 should be a multiple of sector size 512")]
    [InlineData("partitioning alignment=0 a", "0 should be >= sector size 512 and <= maximum alignment 1048576")]
    [InlineData("partitioning alignment=-1 a", "size cannot be negative (-1)")]
    [InlineData("partitioning mbr-id=300 a", "mbr-id: could not parse number: \"300\": Numerical result out of range")]
    [InlineData("partitioning mbr-id=-1 a", "mbr-id: negative numbers are not allowed")]
    [InlineData("partitioning mbr-id= a", "mbr-id: empty string where we expected a number")]
    [InlineData("partitioning type-guid=foo a", "could not validate GUID: foo")]
    [InlineData("partitioning a foo=1", "unknown parameter 'foo'")]
    public void A_start_is_refused_the_same(string server, string gist)
    {
        (CommandResult nbdkit, CommandResult nbdfast) = Twins.Run(server, Files);
        nbdkit.Failed(1, gist);
        nbdfast.Failed(1, gist);
    }

    // Options of the server stand before the plugin's name.
    private static string Placed(string arguments) =>
        arguments.StartsWith("-r ", System.StringComparison.Ordinal)
            ? $"-r partitioning {arguments[3..]}"
            : $"partitioning {arguments}";
}
