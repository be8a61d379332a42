// Reads, writes and flushes over SFTP, with servers that are slow, short or wrong. Not: SSH (Interop/SshDiskTests).

using System;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using NbdFast.Plugins.Ssh.Sftp;

namespace NbdFast.Plugins.Tests;

public sealed class SftpLoopTests
{
    private const int Size = 1_000_000;

    [Theory]
    [InlineData(int.MaxValue, int.MaxValue, int.MaxValue)]
    [InlineData(7, int.MaxValue, int.MaxValue)]
    [InlineData(int.MaxValue, 100, int.MaxValue)]
    [InlineData(int.MaxValue, int.MaxValue, 5000)]
    [InlineData(13, 1000, 4097)]
    public async Task What_is_read_is_there_however_the_bytes_come(int received, int sent, int data)
    {
        using FakeSftp server =
            new(CurlChain.Noise(Size)) { MostReceived = received, MostSent = sent, MostData = data };
        using SftpLoop loop = Begin(server);
        byte[] first = new byte[300_001];
        byte[] second = new byte[1];
        Task<Errno> one = loop.Start(FileRequestKind.Read, first, 12345).AsTask();
        Task<Errno> two = loop.Start(FileRequestKind.Read, second, Size - 1).AsTask();
        Assert.Equal(Errno.Ok, await one);
        Assert.Equal(Errno.Ok, await two);
        Assert.True(first.AsSpan().SequenceEqual(server.Content.AsSpan(12345, first.Length)));
        Assert.Equal(server.Content[^1], second[0]);
    }

    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(999)]
    public async Task What_is_written_is_there_and_is_flushed_after_it(int sent)
    {
        using FakeSftp server = new(new byte[Size]) { MostSent = sent };
        using SftpLoop loop = Begin(server);
        byte[] noise = CurlChain.Noise(200_000);
        Assert.Equal(Errno.Ok, await loop.Start(FileRequestKind.Write, noise, 777));
        Assert.Equal(Errno.Ok, await loop.Start(FileRequestKind.Sync, default, 0));
        Assert.True(server.Content.AsSpan(777, noise.Length).SequenceEqual(noise));
        Assert.Equal(0, server.Content[776] | server.Content[777 + noise.Length]);
        Assert.Equal(SftpKind.Extended, server.Requests[^1]);
    }

    [Fact]
    public async Task A_thousand_requests_at_once_are_served()
    {
        using FakeSftp server = new(CurlChain.Noise(Size));
        using SftpLoop loop = Begin(server);
        byte[][] buffers = [.. Enumerable.Range(0, 1000).Select(_ => new byte[512])];
        Task<Errno>[] tasks =
            [.. buffers.Select((buffer, i) => loop.Start(FileRequestKind.Read, buffer, (ulong)i * 900).AsTask())];
        Assert.All(await Task.WhenAll(tasks), errno => Assert.Equal(Errno.Ok, errno));
        for (int i = 0; i < buffers.Length; i++)
            Assert.True(buffers[i].AsSpan().SequenceEqual(server.Content.AsSpan(i * 900, 512)));
    }

    [Theory]
    [InlineData("other id", "an answer has no question")]
    [InlineData("more data", "data has an impossible length")]
    [InlineData("no data", "data has an impossible length")]
    [InlineData("lying data", "data has an impossible length")]
    [InlineData("huge", "a message has an impossible length")]
    [InlineData("tiny", "a message has an impossible length")]
    [InlineData("done", "an answer is of the wrong kind")]
    [InlineData("handle", "an answer is of the wrong kind")]
    public void A_server_that_breaks_the_protocol_loses_the_connection_and_nothing_else(string wrong, string gist)
    {
        using FakeSftp server = new(CurlChain.Noise(Size)) { Wrong = (_, request) => WrongAnswer(wrong, request) };
        using SftpLoop loop = Begin(server);
        byte[] memory = new byte[3000];
        Assert.Contains(gist, Failed(loop, memory.AsMemory(1000, 1000)), StringComparison.Ordinal);
        Assert.Equal(-1, memory.AsSpan(0, 1000).IndexOfAnyExcept((byte)0));
        Assert.Equal(-1, memory.AsSpan(2000).IndexOfAnyExcept((byte)0));
        Assert.True(server.IsDisposed);
        Assert.Contains(gist, Failed(loop, memory), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SftpStatus.EndOfFile, Errno.EIO, "pread: unexpected end of file")]
    [InlineData(SftpStatus.Failure, Errno.EIO, "pread: SFTP server: Failure")]
    [InlineData(SftpStatus.PermissionDenied, Errno.EACCES, "pread: SFTP server: Permission denied")]
    [InlineData(SftpStatus.NoSuchFile, Errno.ENOENT, "pread: SFTP server: No such file")]
    [InlineData(SftpStatus.Unsupported, Errno.ENOTSUP, "pread: SFTP server: Operation unsupported")]
    [InlineData((SftpStatus)4711, Errno.EIO, "pread: SFTP server: status 4711")]
    internal async Task An_error_is_told_and_the_next_request_is_served(SftpStatus status, Errno expected, string gist)
    {
        FakeSftp? server = null;
        server = new FakeSftp(CurlChain.Noise(Size))
        {
            Wrong = (kind, request) => server!.Requests.Count == 2
                ? FakeSftp.Status(FakeSftp.IdOf(request), status)
                : server.Right(kind, request),
        };
        using SftpLoop loop = Begin(server);
        byte[] memory = new byte[200_000];
        Assert.Equal(gist, Failed(loop, memory, expected));
        Assert.Equal(Errno.Ok, await loop.Start(FileRequestKind.Read, memory, 0));
        Assert.True(memory.AsSpan().SequenceEqual(server.Content.AsSpan(0, memory.Length)));
        server.Dispose();
    }

    [Fact]
    public void A_connection_that_is_cut_fails_what_was_asked_and_what_is_asked_later()
    {
        FakeSftp? server = null;
        server = new FakeSftp(CurlChain.Noise(Size))
        {
            Wrong = (kind, request) =>
            {
                server!.IsCut = server.Requests.Count > 1;
                return server.IsCut ? null : server.Right(kind, request);
            },
        };
        using SftpLoop loop = Begin(server);
        byte[] memory = new byte[200_000];
        Assert.Contains("is lost: cut", Failed(loop, memory), StringComparison.Ordinal);
        Assert.Contains("is lost: cut", Failed(loop, memory), StringComparison.Ordinal);
        server.Dispose();
    }

    [Fact]
    public void What_is_not_answered_fails_when_the_client_goes()
    {
        using FakeSftp server = new(CurlChain.Noise(Size)) { Wrong = (_, _) => null };
        SftpLoop loop = Begin(server);
        byte[] memory = new byte[512];
        ValueTask<Errno> request = loop.Start(FileRequestKind.Read, memory, 0);
        loop.Dispose();
        Assert.Contains("is being closed", Failure(request, Errno.EIO), StringComparison.Ordinal);
        Assert.True(server.IsDisposed);
    }

    private static SftpLoop Begin(FakeSftp server) =>
        new(server, server, () => { }, "h"u8.ToArray(), new ServerAbilities { HasSync = true });

    private static string Failed(SftpLoop loop, Memory<byte> memory, Errno expected = Errno.EIO) =>
        Failure(loop.Start(FileRequestKind.Read, memory, 0), expected);

    // What is told is told on the thread that takes the result.
    private static string Failure(ValueTask<Errno> request, Errno expected)
    {
        using ManualResetEventSlim ended = new();
        ValueTaskAwaiter<Errno> awaiter = request.GetAwaiter();
        awaiter.OnCompleted(ended.Set);
        ended.Wait();
        Log.ForgetLastError();
        Assert.Equal(expected, awaiter.GetResult());
        return Log.TakeLastError() ?? "";
    }

    private static byte[] WrongAnswer(string wrong, byte[] request)
    {
        uint id = FakeSftp.IdOf(request);
        return wrong switch
        {
            "other id" => FakeSftp.Message(SftpKind.Data, id + 1, FakeSftp.String(new byte[1000])),
            "more data" => FakeSftp.Message(SftpKind.Data, id, FakeSftp.String(new byte[1001])),
            "no data" => FakeSftp.Message(SftpKind.Data, id, FakeSftp.String("")),
            "lying data" => FakeSftp.Message(SftpKind.Data, id, [.. FakeSftp.Number(500), .. new byte[1000]]),
            "huge" => new byte[SftpTalk.MostMessageBytes + 1],
            "tiny" => FakeSftp.Message(SftpKind.Status, id),
            "done" => FakeSftp.Status(id, SftpStatus.Ok),
            _ => FakeSftp.Message(SftpKind.Handle, id, FakeSftp.String("handle")),
        };
    }
}
