// Opening a file over SFTP, with servers that can little or do wrong. Not: reading and writing (SftpLoopTests).

using System;
using NbdFast.Plugins.Ssh.Sftp;

namespace NbdFast.Plugins.Tests;

public sealed class SftpTalkTests
{
    [Fact]
    public void A_file_is_opened_and_its_size_is_told()
    {
        using FakeSftp server = new(new byte[12345]) { MostReceived = 3, MostSent = 5 };
        SftpTalk talk = Begin(server);
        Assert.True(talk.Abilities.HasSync);
        byte[] handle = talk.Open("file", forWriting: true);
        Assert.Equal(12345UL, talk.Attributes(handle).Size);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(512)]
    [InlineData(1024)]
    [InlineData(1536)]
    [InlineData(512 * 12345)]
    [InlineData(8 << 20)]
    public void The_size_of_a_device_is_found_by_reading(int size)
    {
        using FakeSftp server = new(new byte[size]);
        SftpTalk talk = Begin(server);
        Assert.Equal((ulong)size, DeviceSize.Find(talk, talk.Open("device", forWriting: false)));
    }

    [Theory]
    [InlineData(SftpKind.Init, "not a version", "it does not tell its version")]
    [InlineData(SftpKind.Init, "version 2", "the SFTP server has version 2, 3 is needed")]
    [InlineData(SftpKind.Init, "cut", "its abilities are cut off")]
    [InlineData(SftpKind.Init, "huge", "a message has")]
    [InlineData(SftpKind.Open, "missing", "cannot open file for writing: SFTP server: No such file")]
    [InlineData(SftpKind.Open, "failure", "cannot open file for writing: SFTP server: Failure")]
    [InlineData(SftpKind.Open, "empty", "an answer is empty")]
    [InlineData(SftpKind.Open, "other id", "an answer has no question")]
    [InlineData(SftpKind.Open, "no handle", "a handle has no proper length")]
    [InlineData(SftpKind.Open, "done", "an answer is of kind 101")]
    [InlineData(SftpKind.GetAttributes, "missing", "cannot get the size of the file: SFTP server: No such file")]
    [InlineData(SftpKind.GetAttributes, "cut", "attributes are cut off")]
    internal void Whatever_a_server_answers_instead_is_refused(SftpKind where, string wrong, string gist)
    {
        FakeSftp? server = null;
        server = new FakeSftp(new byte[10])
        {
            Wrong = (kind, request) => kind == where ? WrongAnswer(wrong, request) : server!.Right(kind, request),
        };
        SftpException refusal = Assert.Throws<SftpException>(() =>
        {
            SftpTalk talk = Begin(server);
            talk.Attributes(talk.Open("file", forWriting: true));
        });
        Assert.Contains(gist, refusal.Message, StringComparison.Ordinal);
        server.Dispose();
    }

    [Fact]
    public void A_server_that_goes_or_says_nothing_is_refused()
    {
        using FakeSftp gone = new([]) { IsCut = true };
        Assert.Contains("is lost: cut", Refusal(gone), StringComparison.Ordinal);
        using FakeSftp silent = new([]) { Wrong = (_, _) => null };
        Assert.Contains("does not answer in time", Refusal(silent), StringComparison.Ordinal);
    }

    private static string Refusal(FakeSftp server) => Assert.Throws<SftpException>(() => Begin(server)).Message;

    private static SftpTalk Begin(FakeSftp server)
    {
        SftpTalk talk = new(server, TimeSpan.FromSeconds(1));
        talk.Begin();
        return talk;
    }

    private static byte[] WrongAnswer(string wrong, byte[] request)
    {
        uint id = FakeSftp.IdOf(request);
        return wrong switch
        {
            "not a version" => FakeSftp.Message(SftpKind.Data, 3),
            "version 2" => FakeSftp.Message(SftpKind.Version, 2),
            "cut" => FakeSftp.Message((SftpKind)(request[0] == 1 ? 2 : 105), id, FakeSftp.Number(5)),
            "huge" => new byte[SftpTalk.MostMessageBytes + 1],
            "missing" => FakeSftp.Status(id, SftpStatus.NoSuchFile),
            "failure" => FakeSftp.Status(id, SftpStatus.Failure),
            "empty" => [],
            "other id" => FakeSftp.Message(SftpKind.Handle, id + 1, FakeSftp.String("h")),
            "no handle" => FakeSftp.Message(SftpKind.Handle, id, FakeSftp.String("")),
            _ => FakeSftp.Status(id, SftpStatus.Ok),
        };
    }
}
