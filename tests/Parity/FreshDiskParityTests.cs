// tmpdisk and ondemand beside nbdkit's. Not: what is on the disks, which have numbers of their own (Interop).

using System;
using NbdFast.Testing;

namespace NbdFast.Parity;

public sealed class FreshDiskParityTests
{
    // can_cache is said natively by ours, and only ours tells of holes.
    private const string Look = """
        nbdinfo --json "$uri" | grep -v '"uri"\|"content"\|can_cache'
        nbdcopy "$uri" copy && blkid -o value -s TYPE copy; blkid -o value -s LABEL copy; stat -c %s copy
        """;

    [Theory]
    [InlineData("tmpdisk 64M")]
    [InlineData("tmpdisk 64M type=ext2 label=\"it's\"")]
    [InlineData("-r tmpdisk 64M")]
    [InlineData("tmpdisk 8M command='truncate -s 1234567 \"$disk\"'")]
    [InlineData("tmpdisk size=0 a=b command='printf %s \"$a$size$type$label\" >$disk'")]
    [InlineData("ondemand dir=folder 64M")]
    [InlineData("ondemand dir=folder size=64M label=abc type=ext3")]
    [InlineData("-r ondemand dir=folder 64M")]
    [InlineData("ondemand dir=folder 1M command='truncate -s 1234567 \"$disk\"'")]
    public void A_disk_looks_the_same(string arguments) => Twins.RunAlike(
        $"-U - {arguments} --run '. ./look; ls -l folder | wc -l'", $"cat >look <<'LOOK'\n{Look}\nLOOK")
        .Nbdkit.Succeeded();

    [Theory]
    [InlineData("tmpdisk size=x", "could not parse size string (x)")]
    [InlineData("tmpdisk 1M disk=x", "'disk' parameter cannot be set on the command line")]
    [InlineData("ondemand dir=none 1M", "realpath: none: No such file or directory")]
    [InlineData("ondemand dir=disk 1M", "Not a directory")]
    [InlineData("ondemand dir=folder 1M wait=2", "could not decipher boolean (2)")]
    public void A_start_is_refused_in_the_same_words(string arguments, string gist)
    {
        (CommandResult nbdkit, CommandResult nbdfast) = Twins.Run(arguments);
        nbdkit.Failed(1, gist);
        nbdfast.Failed(1, gist);
    }

    // nbdkit leaves the folder of a disk that it could not make: these commands remove it.
    [Theory]
    [InlineData("tmpdisk 1M command='rmdir ${disk%/disk}; exit 3'", "", "command exited with code 3")]
    [InlineData("tmpdisk 1M command='rmdir ${disk%/disk}; kill -9 $$'", "", "command killed by signal 9")]
    [InlineData("tmpdisk 1M command='rmdir ${disk%/disk}'", "", "No such file or directory")]
    [InlineData("ondemand dir=folder 1M type=nosuchtype", "x", "command exited with code 1")]
    [InlineData("ondemand dir=folder 1M command='exit 3'", "x", "command exited with code 3")]
    [InlineData("ondemand dir=folder 1M", ".x", "invalid exportname")]
    [InlineData("ondemand dir=folder 1M", "a/b", "invalid exportname")]
    [InlineData("ondemand dir=folder 1M", "a:b", "invalid exportname")]
    public void A_client_is_refused_in_the_same_words(string arguments, string export, string gist)
    {
        (CommandResult nbdkit, CommandResult nbdfast) = Twins.Run(
            $"-U - {arguments} --run 'nbdinfo --size \"nbd+unix:///{export}?socket=$unixsocket\"'");
        Assert.Contains(gist, nbdkit.Errors, StringComparison.Ordinal);
        Assert.Contains(gist, nbdfast.Errors, StringComparison.Ordinal);
        Assert.Equal(nbdkit.ExitCode, nbdfast.ExitCode);
    }

    [Fact]
    public void A_lock_is_seen_by_both_programs()
    {
        using ServerProcess ours = ServerProcess.Start("ondemand dir=. 1M");
        ours.Run("""
            export ours=$uri
            nbdsh -u $uri -c "
            import subprocess
            command = ['nbdkit', '-U', '-', 'ondemand', 'dir=.', '1M', '--run', 'nbdinfo \$uri']
            assert 'filesystem is locked by another client' in \
                subprocess.run(command, capture_output=True, text=True).stderr"
            nbdkit -U - ondemand dir=. 1M --run 'nbdsh -u "$uri" -c "
            import os
            other = nbd.NBD()
            try:
                other.connect_uri(os.environ[\"ours\"])
                print(\"not locked\")
            except nbd.Error: print(\"locked\")"' | grep -x locked
            """);
        Assert.Contains("filesystem is locked by another client", ours.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tmpdisk")]
    [InlineData("ondemand")]
    public void The_fields_that_scripts_read_are_the_same(string plugin) => Twins.RunAlike(
        $"--dump-plugin {plugin} | grep '^name=\\|thread_model=\\|magic_config_key='");
}
