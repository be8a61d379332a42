// What nbdinfo sees of servers. Not: what data clients see (NbdcopyTests, QemuIoTests).

using NbdFast.Testing;

namespace NbdFast.Interop;

public sealed class NbdinfoTests
{
    public NbdinfoTests() => Requires.Tools("nbdinfo");

    [Theory]
    [InlineData("memory 1M", "1048576")]
    [InlineData("memory 0", "0")]
    [InlineData("memory 1", "1")]
    [InlineData("memory 1T", "1099511627776")]
    [InlineData("memory 9223372036854775807", "9223372036854775807")]
    [InlineData("null 7E", "8070450532247928832")]
    [InlineData("pattern 10s", "5120")]
    public void The_size_is_told(string server, string size)
    {
        using ServerProcess process = ServerProcess.Start(server);
        Assert.Equal(size, process.Run("nbdinfo --size $uri"));
    }

    [Fact]
    public void The_size_is_told_over_tcp_too()
    {
        using ServerProcess server = ServerProcess.StartTcp("memory 1M");
        Assert.Equal("1048576", server.Run("nbdinfo --size $uri"));
    }

    [Theory]
    [InlineData("cache")]
    [InlineData("connect")]
    [InlineData("df")]
    [InlineData("fast-zero")]
    [InlineData("flush")]
    [InlineData("fua")]
    [InlineData("multi-conn")]
    [InlineData("read")]
    [InlineData("trim")]
    [InlineData("write")]
    [InlineData("zero")]
    public void A_memory_disk_can_do_everything(string ability)
    {
        using ServerProcess server = ServerProcess.Start("memory 1M");
        server.Run($"nbdinfo --can {ability} $uri");
    }

    [Theory]
    [InlineData("cache", false)]
    [InlineData("fast-zero", false)]
    [InlineData("flush", false)]
    [InlineData("fua", false)]
    [InlineData("trim", false)]
    [InlineData("write", false)]
    [InlineData("zero", false)]
    [InlineData("read", true)]
    [InlineData("df", true)]
    [InlineData("multi-conn", true)]
    public void A_read_only_memory_disk_can_only_be_read(string ability, bool can)
    {
        // Its cache is real and reading needs it no less: nbdkit tells of it even so.
        bool expected = can || ability is "cache" or "flush";
        using ServerProcess server = ServerProcess.Start("-r memory 1M");
        Assert.Equal(expected ? 0 : 2, server.Try($"nbdinfo --can {ability} $uri").ExitCode);
        server.Run("nbdinfo --is read-only $uri");
    }

    [Fact]
    public void All_abilities_are_in_the_json()
    {
        using ServerProcess server = ServerProcess.Start("memory 1M");
        string json = server.Run("nbdinfo --json $uri | tr -d ' \\t\\n'");
        Assert.Contains(
            """
            "is_rotational":false,"is_read_only":false,"can_cache":true,"can_df":true,"can_fast_zero":true,
            "can_flush":true,"can_fua":true,"can_multi_conn":true,"can_trim":true,"can_zero":true,
            """.ReplaceLineEndings(""),
            json);
        Assert.Contains("""
            "protocol":"newstyle-fixed","TLS":false,"structured":true
            """, json);
        Assert.Contains("""
            "contexts":["base:allocation"]
            """, json);
    }

    [Fact]
    public void A_fresh_memory_disk_is_one_hole()
    {
        using ServerProcess server = ServerProcess.Start("memory 1M");
        Assert.Equal("0     1048576    3  hole,zero", server.Run("nbdinfo --map $uri").Trim());
    }

    [Fact]
    public void A_pattern_disk_is_all_data()
    {
        using ServerProcess server = ServerProcess.Start("pattern 1M");
        Assert.Equal("0     1048576    0  data", server.Run("nbdinfo --map $uri").Trim());
    }

    [Fact]
    public void What_was_written_shows_in_the_map()
    {
        Requires.Tools("nbdsh");
        using ServerProcess server = ServerProcess.Start("memory 1M");
        server.Run("nbdsh -u $uri -c 'h.pwrite(b\"x\" * 65536, 131072)'");
        Assert.Equal(
            "0 131072 3 hole,zero\n131072 65536 0 data\n196608 851968 3 hole,zero",
            server.Run("nbdinfo --map $uri | sed 's/  */ /g; s/^ //'"));
    }

    [Fact]
    public void The_list_of_exports_has_the_default_one()
    {
        using ServerProcess server = ServerProcess.Start("memory 1M");
        Assert.Contains("export=\"\":", server.Run("nbdinfo --list $uri"));
    }

    [Fact]
    public void Without_structured_replies_there_are_no_contexts()
    {
        using ServerProcess server = ServerProcess.Start("--no-sr memory 1M");
        string info = server.Run("nbdinfo $uri");
        Assert.Contains("using simple packets", info);
        Assert.DoesNotContain("base:allocation", info);
    }

    [SkippableFact]
    public void Without_meta_contexts_structured_replies_remain()
    {
        Skip.If(NativeBinary.IsNbdkit, "Debian's nbdkit does not have --no-mc yet");
        using ServerProcess server = ServerProcess.Start("--no-mc memory 1M");
        string info = server.Run("nbdinfo $uri");
        Assert.Contains("using structured packets", info);
        Assert.DoesNotContain("base:allocation", info);
    }

    [Fact]
    public void Oldstyle_is_spoken_when_asked_for()
    {
        using ServerProcess server = ServerProcess.Start("-o memory 1M");
        Assert.Contains("protocol: oldstyle without TLS, using simple packets", server.Run("nbdinfo $uri"));
    }

    [Fact]
    public void A_masked_handshake_falls_back_to_the_first_newstyle()
    {
        using ServerProcess server = ServerProcess.Start("--mask-handshake=0 memory 1M");
        Assert.Contains("protocol: newstyle without TLS, using simple packets", server.Run("nbdinfo $uri"));
    }

    [Fact]
    public void A_client_that_does_not_speak_nbd_does_not_disturb_the_others()
    {
        using ServerProcess server = ServerProcess.StartTcp("memory 1M");
        server.Run("printf 'GET / HTTP/1.0\\r\\n\\r\\n' >/dev/tcp/127.0.0.1/$port; nbdinfo --size $uri");
    }
}
