// Parts of files in the send queue: sent in their place among replies, whatever becomes of the file. Not: sendfile(2).

using System;
using System.IO;
using System.Linq;
using NbdFast.Buffers;
using NbdFast.Native;
using NbdFast.Testing;
using NbdFast.Transport;

namespace NbdFast.Core.Tests.Transport;

public sealed class SentFileTests : IDisposable
{
    private const int FileBytes = 100_000;

    private readonly TempFolder _folder = new();
    private readonly SendBatchPool _batches = new();
    private readonly BufferLender _lender = new(new BufferPool(), new ByteBudget(64 << 20));
    private readonly byte[] _content = new byte[FileBytes];
    private readonly FileStream _file;

    public SentFileTests()
    {
        new Seed(1).Random.NextBytes(_content);
        File.WriteAllBytes(_folder.File("disk"), _content);
        _file = new FileStream(_folder.File("disk"), FileMode.Open, FileAccess.ReadWrite);
    }

    private int Descriptor => (int)_file.SafeFileHandle.DangerousGetHandle();

    public void Dispose()
    {
        _file.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(777)]
    [InlineData(int.MaxValue)]
    public void A_file_goes_out_between_the_replies_before_and_after_it(int mostSent)
    {
        ScriptedWire wire = new() { MostSent = mostSent };
        using SendQueue queue = new(wire, _lender, _batches);
        Append(queue, 1);
        AppendFile(queue, 1000, 5000);
        Append(queue, 2);
        AppendFile(queue, 0, 300);
        queue.Drain();
        byte[] expected = [1, .. _content[1000..6000], 2, .. _content[..300]];
        Assert.Equal(expected, wire.Sent);
    }

    [Fact]
    public void Without_waiting_a_file_is_left_for_whoever_may_wait()
    {
        ScriptedWire wire = new();
        using SendQueue queue = new(wire, _lender, _batches);
        Append(queue, 1);
        AppendFile(queue, 0, 5000);
        Assert.False(queue.FlushNow());
        queue.Flush();
        Assert.Equal((byte[])[1, .. _content[..5000]], wire.Sent);
    }

    [Fact]
    public void What_was_cut_off_a_file_after_its_reply_was_promised_is_zeroes()
    {
        ScriptedWire wire = new();
        using SendQueue queue = new(wire, _lender, _batches);
        AppendFile(queue, FileBytes - 5000, 5000);
        _file.SetLength(FileBytes - 2000);
        queue.Drain();
        Assert.Equal(_content[^5000..^2000].Concat(new byte[2000]), wire.Sent);
        Assert.False(queue.IsBroken);
    }

    [Fact]
    public void A_file_that_cannot_be_read_breaks_the_connection_off()
    {
        ScriptedWire wire = new();
        using SendQueue queue = new(wire, _lender, _batches);
        AppendFile(queue, 0, 5000, descriptor: -1);
        queue.Drain();
        Assert.True(queue.IsBroken);
    }

    private static void Append(SendQueue queue, byte value)
    {
        queue.Enter(1, 1).Append(1)[0] = value;
        queue.Leave();
    }

    private void AppendFile(SendQueue queue, ulong offset, uint count, int? descriptor = null)
    {
        queue.Enter(1, 0).Append(Loan.OfFile(descriptor ?? Descriptor, offset, count));
        queue.Leave();
    }
}
