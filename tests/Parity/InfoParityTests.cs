// Info disks under both programs. Not: mode=version, which the older nbdkit does not have.

using NbdFast.Testing;

namespace NbdFast.Parity;

public sealed class InfoParityTests
{
    private const string Tell = """
        cat >tell <<'R'
        export uri
        nbdsh -c "
        import os
        try:
            h.connect_uri(os.environ['uri'])
            size = h.get_size()
            print(size, bytes(h.pread(size, 0)) if size else b'', h.is_read_only(), h.can_multi_conn(), h.can_cache())
        except nbd.Error as error:
            print(error.errno)"
        R
        """;

    [Theory]
    [InlineData("info")]
    [InlineData("info -e hello")]
    [InlineData("info exportname -e 'a b/c'")]
    [InlineData("info mode=ExportName -e 'grüße'")]
    [InlineData("info base64exportname -e aGVsbG8=")]
    [InlineData("info base64-export-name -e AAAA")]
    [InlineData("info base64exportname")]
    [InlineData("info base64exportname -e 'aGVs bG8='")]
    [InlineData("info base64exportname -e 'aGVsb$$G8='")]
    [InlineData("info base64exportname -e aGVsbG8")]
    [InlineData("info base64exportname -e a")]
    [InlineData("info address")]
    [InlineData("info time exportname -e last")]
    public void A_client_is_told_the_same(string server) =>
        Twins.RunAlike($"-U - {server} --run '. ./tell'", Tell).Nbdkit.Succeeded();

    [Theory]
    [InlineData("info")]
    [InlineData("info time")]
    [InlineData("info uptime")]
    [InlineData("info conntime")]
    [InlineData("info address")]
    public void An_info_disk_looks_the_same(string server) => Twins.RunAlike(
        $"-U - {server} --run 'nbdinfo --json \"$uri\" | grep -v \"uri\\\\|content\"; nbdinfo --map \"$uri\"'")
        .Nbdkit.Succeeded();

    [Theory]
    [InlineData("info foo", "unknown mode: 'foo'")]
    [InlineData("info conn-time", "unknown mode: 'conn-time'")]
    [InlineData("info mode=time a=b", "unknown parameter 'a'")]
    public void A_start_is_refused_the_same(string server, string gist)
    {
        (CommandResult nbdkit, CommandResult nbdfast) = Twins.Run($"-U - {server} --run true");
        nbdkit.Failed(1, gist);
        nbdfast.Failed(1, gist);
    }

    [Fact]
    public void The_fields_of_dump_plugin_tell_of_the_same_modes()
    {
        (CommandResult nbdkit, _) = Twins.RunAlike("info --dump-plugin | grep '^info_'");
        Assert.Equal("info_address=yes\ninfo_base64=yes", nbdkit.Succeeded());
    }
}
