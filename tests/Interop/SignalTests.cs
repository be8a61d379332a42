// The end of a server: by signal, with clients connected, with nothing lost that was acknowledged. Not: its start.

using System.IO;
using NbdFast.Testing;
using NbdFast.Testing.Native;

namespace NbdFast.Interop;

public sealed class SignalTests
{
    private const string NbdkitWaits = "Debian's nbdkit waits for its clients to leave first";

    private static readonly byte[] Mark = "acknowledged"u8.ToArray();

    [Theory]
    [InlineData(Signal.Terminate)]
    [InlineData(Signal.Interrupt)]
    [InlineData(Signal.Quit)]
    public void A_signal_ends_the_server_cleanly(Signal signal)
    {
        using ServerProcess server = ServerProcess.Start("memory 1M");
        Assert.Equal(0, server.End(signal));
    }

    [SkippableTheory]
    [InlineData(Signal.Terminate)]
    [InlineData(Signal.Interrupt)]
    public void A_signal_ends_the_server_although_a_client_is_connected(Signal signal)
    {
        Skip.If(NativeBinary.IsNbdkit, NbdkitWaits);
        using ServerProcess server = ServerProcess.Start("memory 1M");
        using RawClient client = RawClient.Open(server);
        Assert.Equal(0U, client.Write(0, Mark).Error);
        Assert.Equal(0, server.End(signal));
        Assert.Empty(client.ReceiveToEnd());
    }

    [SkippableFact]
    public void A_signal_ends_the_server_although_a_client_hangs_in_the_handshake()
    {
        Skip.If(NativeBinary.IsNbdkit, NbdkitWaits);
        using ServerProcess server = ServerProcess.Start("memory 1M");
        using RawClient client = RawClient.Connect(server);
        client.Greet();
        Assert.Equal(0, server.End(Signal.Terminate));
    }

    [SkippableFact]
    public void What_was_acknowledged_is_in_the_file_after_a_clean_end()
    {
        Skip.If(NativeBinary.IsNbdkit, NbdkitWaits);
        using ServerProcess server = ServerProcess.Start("file disk", before: "truncate -s 1M disk");
        using RawClient client = RawClient.Open(server);
        Assert.Equal(0U, client.Write(65536, Mark).Error);
        Assert.Equal(0, server.End(Signal.Terminate));
        Assert.Equal(Mark, File.ReadAllBytes(Path.Combine(server.Folder, "disk"))[65536..(65536 + Mark.Length)]);
    }

    [Fact]
    public void What_was_written_with_fua_is_in_the_file_after_a_sudden_end()
    {
        using TempFolder folder = new();
        string disk = folder.File("disk");
        TempDisk.CreateSparse(disk, 1 << 20);
        using ServerProcess server = ServerProcess.Start($"file {disk}");
        using RawClient client = RawClient.Open(server, ReplyMode.Structured);
        Assert.Equal(0U, client.Write(65536, Mark, NbdWire.FlagFua).Error);
        Assert.Equal(0U, client.Zero(65536, 4, NbdWire.FlagFua).Error);
        Assert.Equal(128 + (int)Signal.Kill, server.End(Signal.Kill));
        byte[] expected = [0, 0, 0, 0, .. Mark[4..]];
        Assert.Equal(expected, File.ReadAllBytes(disk)[65536..(65536 + Mark.Length)]);
    }

    [Fact]
    public void A_client_that_vanishes_in_the_middle_of_a_write_leaves_the_server_serving()
    {
        using ServerProcess server = ServerProcess.Start("memory 1M");
        using (RawClient client = RawClient.Open(server))
        {
            client.SendRequest(NbdWire.CmdWrite, 1, 0, 65536, payload: Mark);   // Far less than it promises.
        }

        using RawClient next = RawClient.Open(server);
        Assert.Equal(0U, next.Write(0, Mark).Error);
        Assert.Equal(Mark, next.Read(0, Mark.Length).Data);
    }
}
