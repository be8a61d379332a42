// The same scripts under both programs: what clients see, what scripts are asked. Not: exit codes from 4 on, which the
// older nbdkit takes for errors.

using NbdFast.Testing;

namespace NbdFast.Parity;

public sealed class ScriptParityTests
{
    private const string Script = """
        cat >script <<'SCRIPT'
        #!/bin/sh
        folder=FOLDER
        echo "$@" >>$folder/calls
        case "$1" in
            get_size) stat -c %s $folder/disk ;;
            pread) dd if=$folder/disk skip=$4 count=$3 iflag=count_bytes,skip_bytes ;;
            pwrite) dd of=$folder/disk seek=$4 conv=notrunc oflag=seek_bytes ;;
            can_fua | can_cache) echo native ;;
            can_write | can_flush | can_trim | can_zero | can_fast_zero | can_extents | is_rotational) exit 0 ;;
            zero) echo ENOTSUP >&2; exit 1 ;;
            flush | trim | cache) exit 0 ;;
            extents) echo 0 512k; echo 512k 512k hole,zero ;;
            open) echo handle ;;
            list_exports) echo INTERLEAVED; echo one; echo the first; echo two; echo the second ;;
            default_export) echo one ;;
            export_description) echo "a disk" ;;
            block_size) echo 1 4k 1M ;;
            thread_model) echo serialize_requests ;;
            magic_config_key) echo file ;;
            config) [ "$2" != bad ] || { echo EINVAL bad is bad >&2; exit 1; } ;;
            *) exit 2 ;;
        esac
        SCRIPT
        sed -i "s#FOLDER#$PWD#" script; chmod +x script
        """;

    private const string Requests = """
        export uri
        nbdsh -c "
        import os
        h.add_meta_context('base:allocation')
        h.connect_uri(os.environ['uri'])
        def tell(name, call):
            try: print(name, call())
            except nbd.Error as error: print(name, error.errno)
        tell('write', lambda: h.pwrite(b'x' * 1000, 500))
        tell('fua', lambda: h.pwrite(b'y' * 1000, 5000, nbd.CMD_FLAG_FUA))
        tell('read', lambda: h.pread(20, 490))
        tell('flush', h.flush)
        tell('trim', lambda: h.trim(4096, 0))
        tell('zero', lambda: h.zero(4096, 8192))
        tell('keep', lambda: h.zero(4096, 8192, nbd.CMD_FLAG_NO_HOLE))
        tell('fast', lambda: h.zero(4096, 8192, nbd.CMD_FLAG_FAST_ZERO))
        tell('cache', lambda: h.cache(4096, 8192))
        tell('extents', lambda: h.block_status(1 << 20, 0, lambda name, offset, entries, error: print(entries)))
        tell('one', lambda: h.block_status(4096, 0, lambda n, o, entries, e: print(entries), nbd.CMD_FLAG_REQ_ONE))
        h.shutdown()"
        """;

    [Theory]
    [InlineData("sh script")]
    [InlineData("-r sh script")]
    [InlineData("-e two sh script disk a=b")]
    [InlineData("eval get_size='echo 1M' pread='head -c $3 /dev/zero'")]
    [InlineData("eval get_size='echo 1M' pread='head -c $3 /dev/zero' pwrite='cat >/dev/null'")]
    [InlineData("eval get_size='echo 1M' pread='head -c $3 /dev/zero' pwrite=true flush=true")]
    [InlineData("eval get_size='echo 1M' pread='head -c $3 /dev/zero' pwrite=true zero=true trim=true cache=true")]
    [InlineData("eval get_size='echo 1M' pread='head -c $3 /dev/zero' pwrite=true zero=true can_fast_zero='exit 0'")]
    [InlineData("eval get_size='echo 1M' pread='head -c $3 /dev/zero' pwrite=true can_write='exit 3'")]
    [InlineData("eval get_size='echo 1M' pread='head -c $3 /dev/zero' pwrite=true can_fua='echo native'")]
    [InlineData("eval get_size='echo 1M' pread='head -c $3 /dev/zero' can_cache='echo emulate'")]
    [InlineData("eval get_size='echo 1M' pread='head -c $3 /dev/zero' can_multi_conn='exit 0' is_rotational=true")]
    [InlineData("eval get_size='echo 1M' pread='head -c $3 /dev/zero' block_size='echo 512 4k 32M'")]
    [InlineData("eval get_size='echo 1M' pread='head -c $3 /dev/zero' export_description='echo text'")]
    public void A_disk_of_scripts_looks_the_same(string server) =>
        Twins.RunAlike($"-U - {server} --run '. ./probe'", Script).Nbdkit.Succeeded();

    // Each pwrite reads its input: whether nbdkit notices that one does not is a race.
    [Theory]
    [InlineData("sh script")]
    [InlineData("eval get_size='echo 1M' pread='head -c $3 /dev/zero' pwrite='cat >/dev/null'")]
    [InlineData(
        "eval get_size='echo 1M' pread='exit 1' pwrite='cat >/dev/null; echo ENOSPC full >&2; exit 1' flush='exit 3'")]
    [InlineData("eval get_size='echo 1M' pwrite='cat >/dev/null; exit 2' zero='echo EIO >&2; exit 1'")]
    [InlineData("eval get_size='echo 1M' pread='exit 2' pwrite=cat flush='exit 2' trim='exit 2' zero='exit 2'")]
    [InlineData(
        "eval get_size='echo 1M' pread='kill -9 $$' pwrite='cat >/dev/null; kill -9 $$' cache='exit 77' "
        + "extents='exit 1'")]
    [InlineData("eval get_size='echo 1M' pread='head -c 19 /dev/zero' extents='echo 0 512K hole; echo 512K 512K 3'")]
    [InlineData("eval get_size='echo 1M' pread='head -c 21 /dev/zero' extents='echo 4k 4k' cache='exit 2'")]
    [InlineData("eval get_size='echo 1M' pread='exit 3' pwrite='cat >/dev/null' zero='echo EPERM >&2; exit 1'")]
    public void Requests_are_answered_the_same(string server) =>
        Twins.RunAlike($"-U - {server} --run '. ./requests'", $"{Script}\ncat >requests <<'R'\n{Requests}\nR")
            .Nbdkit.Succeeded();

    [Fact]
    public void A_script_is_asked_the_same()
    {
        // The description is asked for only if the client wants it, or always; co-processes are ours.
        Twins.RunAlike(
            "-U - sh script disk a=b --run '. ./requests >/dev/null'; grep -vE '^(export_description|coprocess)' calls",
            $"{Script}\ncat >requests <<'R'\n{Requests}\nR").Nbdkit.Succeeded();
    }

    [Theory]
    [InlineData("list_exports='printf \"a\\nb\\n\"'")]
    [InlineData("list_exports='printf \"NAMES\\na\\n\\nb\\n\"'")]
    [InlineData("list_exports='printf \"INTERLEAVED\\na\\nda\\nb\\n\"'")]
    [InlineData("list_exports='printf \"NAMES+DESCRIPTIONS\\na\\nb\\nda\\n\"'")]
    [InlineData("list_exports=true")]
    [InlineData("list_exports='exit 1'", 1)]
    [InlineData("default_export='echo name'")]
    [InlineData("default_export='echo INTERLEAVED; echo name; echo text'")]
    [InlineData("default_export='exit 1'")]
    public void Exports_are_listed_the_same(string parameter, int exitCode = 0) => Twins.RunAlike(
        $"-U - eval get_size='echo 1M' pread='head -c $3 /dev/zero' {parameter} "
        + "--run 'nbdinfo --list --json \"$uri\" | grep -v uri'",
        exitCode: exitCode);

    [Theory]
    [InlineData("sh", "missing script parameter")]
    [InlineData("sh /nonexistent", "No such file or directory")]
    [InlineData("sh a=b", "the first parameter must be script=/path/to/script")]
    [InlineData("sh script bad=1", "script: bad is bad")]
    [InlineData("sh quiet a=b", "quiet: this plugin does not need command line configuration")]
    [InlineData("sh quiet a", "quiet: expecting key=value on the command line but got: a")]
    [InlineData("sh disk", "Permission denied")]
    [InlineData("-s sh -", "inline script is incompatible with -s")]
    [InlineData("eval a=b", "callback 'a' is unknown, and there is no 'config' callback to handle it")]
    [InlineData("eval a", "callback 'script' is unknown, and there is no 'config' callback to handle it")]
    [InlineData("eval load=true", "callback 'load' is unknown")]
    [InlineData("eval get_size=1 get_size=2", "method get_size defined more than once on the command line")]
    [InlineData("eval config_complete='exit 3'", "config_complete method returned unexpected code (3/false)")]
    [InlineData("eval get_ready='exit 1'", "script exited with error, but did not print an error message on stderr")]
    [InlineData("eval thread_model='kill -9 $$'", "script terminated by signal 9")]
    public void A_start_is_refused_the_same(string server, string gist)
    {
        (CommandResult nbdkit, CommandResult nbdfast) =
            Twins.Run($"{server} </dev/null", Script + "\necho 'exit 2' >quiet; chmod +x quiet");
        nbdkit.Failed(1, gist);
        nbdfast.Failed(1, gist);
    }

    [Theory]
    [InlineData("sh")]
    [InlineData("sh script")]
    [InlineData("eval dump_plugin='echo a=b'")]
    [InlineData("eval thread_model='echo parallel'")]
    public void The_fields_of_dump_plugin_are_the_same(string server) => Twins.RunAlike(
        $"--dump-plugin {server} | grep -v '^path=\\|version=\\|_size=[0-9]\\|status=\\|has_longname\\|has_desc'",
        Script);
}
