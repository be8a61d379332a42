// The tables that the partitioning plugin makes, read here byte by byte. Not: what real programs say of them
// (tests/Interop), requests (PartitionDataTests).

using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using NbdFast.Plugins.Shared.Partitions;
using NbdFast.Testing;

namespace NbdFast.Plugins.Tests.Partitioning;

public sealed class PartitionTableTests : IDisposable
{
    private const int Sector = 512;
    private const ulong Tebi = 1UL << 40;

    private readonly PartitionFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void The_checksum_is_the_well_known_one() =>
        Assert.Equal(0xcbf43926, Crc32.Of("123456789"u8));

    [Theory]
    [InlineData("1000", "2048+2 83")]
    [InlineData("1000 70000 513", "2048+2 83, 4096+137 83, 6144+2 83")]
    [InlineData("alignment=512 1000 70000", "1+2 83, 3+137 83")]
    [InlineData("1000 alignment=1k 513 alignment=512 513 1", "2048+2 83, 2050+2 83, 2052+2 83, 2054+1 83")]
    [InlineData("512 mbr-id=0x82 512 mbr-id=default 512", "2048+1 83, 4096+1 82, 6144+1 83")]
    [InlineData("mbr-id=7 512 mbr-id=12 512", "2048+1 07, 4096+1 0c")]
    [InlineData("mbr-id=7 512 partition-type=dos", "2048+1 07")]
    public void An_mbr_tells_of_up_to_four_partitions(string commandLine, string expected)
    {
        using ChainHarness chain = _files.Open(commandLine);
        byte[] record = chain.ReadBytes(0, Sector);
        IEnumerable<string> entries = Enumerable.Range(0, 4).Select(i => Entry(record, i)).OfType<string>();
        Assert.Equal(expected, string.Join(", ", entries));
        Assert.Equal(0x80, record[446]);
        Assert.Equal([0x55, 0xaa], record[510..]);
    }

    [Fact]
    public void An_mbr_of_five_partitions_has_an_extended_one()
    {
        using ChainHarness chain = _files.Open("partition-type=mbr 512 512 512 513 mbr-id=7 1024");
        byte[] record = chain.ReadBytes(0, Sector);
        Assert.Equal("6145+4097 0f", Entry(record, 3));
        byte[] first = chain.ReadBytes(6145 * Sector, Sector);
        Assert.Equal(["2047+2 83", "2049+2048 0f"], Enumerable.Range(0, 2).Select(i => Entry(first, i)));
        byte[] second = chain.ReadBytes((6145 + 2049) * Sector, Sector);
        Assert.Equal("2046+2 07", Entry(second, 0));
        Assert.Null(Entry(second, 1));
        Assert.Equal(_files.Content(4), chain.ReadBytes(10240 * Sector, 1024));
        Assert.Equal(10242u * Sector, chain.Info.Size);
    }

    [Fact]
    public void A_gpt_has_a_protective_mbr_and_two_headers_that_point_to_each_other()
    {
        using ChainHarness chain = _files.Open("partition-type=gpt 1000");
        Assert.Equal("1+2082 ee", Entry(chain.ReadBytes(0, Sector), 0));
        ulong last = (chain.Info.Size / Sector) - 1;
        byte[] first = Header(chain, 1);
        byte[] second = Header(chain, last);
        Assert.Equal((1ul, last, 34ul, 2049ul, 2ul), Places(first));
        Assert.Equal((last, 1ul, 34ul, 2049ul, 2050ul), Places(second));
        Assert.Equal(first[56..72], second[56..72]);
        Assert.Equal(chain.ReadBytes(2 * Sector, 128 * 128), chain.ReadBytes(2050 * Sector, 128 * 128));
    }

    [Fact]
    public void An_entry_of_a_gpt_has_type_and_place_and_name()
    {
        using ChainHarness chain = _files.Open(
            "1 2 3 4 type-guid=C12A7328-F81F-11D2-BA4B-00A0C93EC93B 5 type-guid={" +
            "0657fd6d-a4ab-43c4-84e5-0933c84b4f4f} 513 type-guid=default 7");
        byte[] entries = chain.ReadBytes(2 * Sector, 7 * 128);
        string[] types =
        [
            "0fc63daf-8483-4772-8e79-3d69d8477de4", "0fc63daf-8483-4772-8e79-3d69d8477de4",
            "0fc63daf-8483-4772-8e79-3d69d8477de4", "0fc63daf-8483-4772-8e79-3d69d8477de4",
            "c12a7328-f81f-11d2-ba4b-00a0c93ec93b", "0657fd6d-a4ab-43c4-84e5-0933c84b4f4f",
            "0fc63daf-8483-4772-8e79-3d69d8477de4",
        ];
        for (int i = 0; i < types.Length; i++)
        {
            byte[] entry = entries[(i * 128)..((i + 1) * 128)];
            Assert.Equal(types[i], new Guid(entry.AsSpan(0, 16)).ToString());
            Assert.Equal(2048ul * (ulong)(i + 1), BinaryPrimitives.ReadUInt64LittleEndian(entry.AsSpan(32)));
            Assert.Equal(i == 0 ? 4ul : 0, BinaryPrimitives.ReadUInt64LittleEndian(entry.AsSpan(48)));
            Assert.Equal($"p{i}", Encoding.Unicode.GetString(entry.AsSpan(56)).TrimEnd('\0'));
        }

        Assert.Equal(7, entries.Chunk(128).Select(entry => new Guid(entry.AsSpan(16, 16))).Distinct().Count());
    }

    [Fact]
    public void Numbers_of_partitions_stay_when_the_server_is_started_again_and_differ_between_disks()
    {
        using ChainHarness first = _files.Open("partition-type=gpt 512");
        using ChainHarness second = ChainHarness.Open(
            new Plugins.Partitioning.PartitioningPlugin(), ("file", _files[0]), ("partition-type", "gpt"));
        using ChainHarness other = _files.Open("partition-type=gpt 512");
        Assert.Equal(first.ReadBytes(0, 4096), second.ReadBytes(0, 4096));
        Assert.NotEqual(Header(first, 1)[56..72], Header(other, 1)[56..72]);
        Assert.NotEqual(first.ReadBytes(1040, 16), other.ReadBytes(1040, 16));
    }

    [Theory]
    [InlineData(128, 34ul)]
    [InlineData(129, 66ul)]
    [InlineData(300, 98ul)]
    public void A_gpt_has_room_for_any_number_of_partitions(int count, ulong firstUsable)
    {
        using ChainHarness chain = _files.Open("alignment=512 " + string.Concat(Enumerable.Repeat("1 ", count)));
        byte[] header = Header(chain, 1);
        Assert.Equal(firstUsable, Places(header).FirstUsable);
        Assert.Equal(_files.Content(count - 1), chain.ReadBytes((firstUsable + (ulong)count - 1) * Sector, 1));
    }

    [Fact]
    public void A_long_name_is_cut_between_characters()
    {
        string path = _files.Folder.File(new string('a', 35) + "\U0001f600b");
        TempDisk.CreateRandom(path, 1);
        using ChainHarness chain = ChainHarness.Open(
            new Plugins.Partitioning.PartitioningPlugin(), ("file", path), ("partition-type", "gpt"));
        Assert.Equal(new string('a', 35), Encoding.Unicode.GetString(chain.ReadBytes(1080, 72)).TrimEnd('\0'));
    }

    [Theory]
    [InlineData(4, 0ul, false)]
    [InlineData(5, 0ul, true)]
    [InlineData(1, (2 * Tebi) - (5 << 20) - 512, false)]
    [InlineData(1, (2 * Tebi) - (5 << 20) - 511, true)]
    public void The_kind_of_table_follows_from_the_files(int small, ulong size, bool isGpt)
    {
        string files = size > 0 ? $"{size}" : string.Concat(Enumerable.Repeat("512 ", small));
        using ChainHarness chain = _files.Open(files);
        Assert.Equal(isGpt, chain.ReadBytes(Sector, 8).AsSpan().SequenceEqual("EFI PART"u8));
    }

    private static string? Entry(byte[] record, int index)
    {
        ReadOnlySpan<byte> entry = record.AsSpan(446 + (16 * index), 16);
        uint first = BinaryPrimitives.ReadUInt32LittleEndian(entry[8..]);
        uint count = BinaryPrimitives.ReadUInt32LittleEndian(entry[12..]);
        return count == 0 ? null : $"{first}+{count} {entry[4]:x2}";
    }

    // Checked as a client checks it.
    private static byte[] Header(ChainHarness chain, ulong sector)
    {
        byte[] header = chain.ReadBytes(sector * Sector, Sector);
        Assert.Equal("EFI PART"u8.ToArray(), header[..8]);
        uint sum = BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(16));
        header.AsSpan(16, 4).Clear();
        Assert.Equal(sum, Crc32.Of(header.AsSpan(0, BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(12)))));
        int count = BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(80));
        byte[] entries = chain.ReadBytes(Places(header).Entries * Sector, count * 128);
        Assert.Equal(BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(88)), Crc32.Of(entries));
        return header;
    }

    private static (ulong Own, ulong Other, ulong FirstUsable, ulong LastUsable, ulong Entries) Places(byte[] header)
    {
        ulong At(int offset) => BinaryPrimitives.ReadUInt64LittleEndian(header.AsSpan(offset));
        return (At(24), At(32), At(40), At(48), At(72));
    }
}
