// The file plugin behind a server: what is read through the page cache, and writes that are written together. Not: the
// plugin alone (FileDataTests).

using System;
using System.IO;
using System.Linq;
using NbdFast.Plugins.Files;
using NbdFast.Testing;

namespace NbdFast.Plugins.Tests;

public sealed class FileServingTests : IDisposable
{
    private const int BlockBytes = 4096;
    private const int Blocks = 256;

    private readonly TempFolder _folder = new();

    private string Disk => _folder.File("disk");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(ReplyMode.Simple)]
    [InlineData(ReplyMode.Structured)]
    [InlineData(ReplyMode.Extended)]
    public void Reads_of_any_size_are_what_the_file_holds(ReplyMode mode)
    {
        TempDisk.CreateRandom(Disk, Blocks * BlockBytes);
        byte[] content = File.ReadAllBytes(Disk);
        using LocalServer server = Start(Disk);
        using RawClient client = server.Open(mode);
        foreach (int count in (int[])[1, 511, 4096, 65535, 65536, 65537, 300_001, Blocks * BlockBytes])
        {
            ulong offset = (ulong)((Blocks * BlockBytes) - count);
            Assert.Equal(content[(int)offset..], client.Read(offset, count).Data);
            Assert.Equal(content[..count], client.Read(0, count).Data);
        }
    }

    [Theory]
    [InlineData(100)]
    [InlineData(BlockBytes * 32)]
    public void A_read_behind_what_was_cut_off_is_an_error_and_the_connection_goes_on(int count)
    {
        TempDisk.CreateRandom(Disk, Blocks * BlockBytes);
        using LocalServer server = Start(Disk);
        using RawClient client = server.Open();
        using (FileStream file = new(Disk, FileMode.Open))
            file.SetLength(BlockBytes);
        Assert.Equal(NbdWire.Eio, client.Read(2 * BlockBytes, count).Error);
        Assert.Equal(0U, client.Read(0, 100).Error);
    }

    [Theory]
    [InlineData(ReplyMode.Simple)]
    [InlineData(ReplyMode.Extended)]
    public void Writes_that_follow_each_other_in_one_batch_all_arrive(ReplyMode mode)
    {
        TempDisk.CreateSparse(Disk, Blocks * BlockBytes);
        byte[] expected = new byte[Blocks * BlockBytes];
        new Seed(1).Random.NextBytes(expected);
        using LocalServer server = Start(Disk);
        using (RawClient client = server.Open(mode))
        {
            // In order, but for each seventh: it comes last, and is not next to any.
            int[] order = [.. Enumerable.Range(0, Blocks).Where(i => i % 7 != 3),
                .. Enumerable.Range(0, Blocks).Where(i => i % 7 == 3)];
            foreach (int[] batch in order.Chunk(48))
                Exchange(client, mode, batch, expected);
        }

        Assert.Equal(expected, File.ReadAllBytes(Disk));
    }

    [SkippableFact]
    public void Where_the_disk_is_full_each_write_of_a_batch_is_answered_for_itself()
    {
        using MountedFolder small = MountedFolder.Tmpfs("128k");
        string disk = small.File("disk");
        TempDisk.CreateSparse(disk, Blocks * BlockBytes);
        using LocalServer server = Start(disk);
        using RawClient client = server.Open();
        int[] blocks = [.. Enumerable.Range(0, 48)];
        byte[] data = new byte[Blocks * BlockBytes];
        data.AsSpan().Fill(7);
        client.Send(Batch(ReplyMode.Simple, blocks, data));
        Reply[] replies = [.. client.ReceiveReplies([.. blocks.Select(i => (ulong)i + 1)])];
        Assert.InRange(replies.Count(reply => reply.Error == 0), 16, 32);
        Assert.All(replies, reply => Assert.True(reply.Error is 0 or NbdWire.Enospc, $"error {reply.Error}"));
        Assert.Equal(data[..BlockBytes], client.Read(0, BlockBytes).Data);
    }

    private static LocalServer Start(string disk) =>
        LocalServer.Start(new FilePlugin(), parameters: [("file", disk)]);

    private static void Exchange(RawClient client, ReplyMode mode, int[] blocks, byte[] disk)
    {
        client.Send(Batch(mode, blocks, disk));
        Assert.All(
            client.ReceiveReplies([.. blocks.Select(i => (ulong)i + 1)]), reply => Assert.Equal(0U, reply.Error));
    }

    private static Message Batch(ReplyMode mode, int[] blocks, byte[] disk)
    {
        Message message = new();
        foreach (int block in blocks)
        {
            ulong offset = (ulong)(block * BlockBytes);
            if (mode == ReplyMode.Extended)
                message.U32(NbdWire.ExtendedRequestMagic).U16(NbdWire.FlagPayloadLength);
            else
                message.U32(NbdWire.RequestMagic).U16(0);
            message.U16(NbdWire.CmdWrite).U64((ulong)block + 1).U64(offset);
            if (mode == ReplyMode.Extended)
                message.U64(BlockBytes);
            else
                message.U32(BlockBytes);
            message.Raw(disk.AsSpan((int)offset, BlockBytes));
        }

        return message;
    }
}
