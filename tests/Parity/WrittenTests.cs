// What is there after the same writes: content, holes, and errors of single requests. Not: a server at rest
// (ServedTests).

namespace NbdFast.Parity;

public sealed class WrittenTests
{
    [Theory]
    [InlineData("memory 1M")]
    [InlineData("memory 1M allocator=malloc")]
    [InlineData("memory 1M allocator=zstd")]
    [InlineData("file disk")]
    [InlineData("file sparse")]
    [InlineData("--filter=cow file disk")]
    [InlineData("--filter=cow file sparse")]
    [InlineData("--filter=cow pattern 1M")]
    [InlineData("--filter=offset memory 2M offset=512k range=1M")]
    [InlineData("--filter=nozero memory 1M zeromode=emulate")]
    [InlineData("--filter=nozero memory 1M zeromode=notrim")]
    [InlineData("--filter=fua memory 1M fuamode=force")]
    [InlineData("--filter=noextents file disk")]
    [InlineData("null 1M")]
    public void The_same_writes_leave_the_same_disk(string server) => Script(server, """
        zero = h.zero if h.can_zero() else lambda count, offset: h.pwrite(bytes(count), offset)
        h.pwrite(b"x" * 100000, 1000)
        h.pwrite(b"y" * 65536, 262144)
        zero(32768, 262144)
        zero(70000, 3)
        h.trim(65536, 0)
        h.trim(100, 500000)
        zero(100, 500000)
        h.pwrite(b"z", 1048575)
        h.flush()
        """, "nbdcopy \"$uri\" copy; sha256sum <copy");

    [Theory]
    [InlineData("memory 1M")]
    [InlineData("memory 1M allocator=zstd")]
    [InlineData("file sparse")]
    [InlineData("--filter=cow pattern 1M")]
    public void The_same_writes_leave_the_same_holes(string server) => Script(server, """
        h.pwrite(b"y" * 65536, 262144)
        h.pwrite(b"y" * 65536, 589824)
        h.trim(65536, 589824)
        """, "nbdinfo --map \"$uri\"");

    [Theory]
    [InlineData("full 1M", "h.pwrite(b\"x\", 0)")]
    [InlineData("full 1M", "h.zero(512, 0)")]
    [InlineData("-r memory 1M", "h.pwrite(b\"x\", 0)")]
    [InlineData("zero", "h.pread(1, 0)")]
    [InlineData("memory 1M", "h.pread(512, 1048576)")]
    [InlineData("memory 1M", "h.pwrite(b\"xx\", 1048575)")]
    [InlineData("memory 1M", "h.trim(2, 1048575)")]
    [InlineData("--filter=nozero memory 1M", "h.zero(512, 0)")]
    [InlineData("--filter=fua memory 1M", "h.pwrite(b\"x\", 0, nbd.CMD_FLAG_FUA)")]
    [InlineData(
        "--filter=nozero memory 1M zeromode=emulate fastzeromode=slow", "h.zero(512, 0, nbd.CMD_FLAG_FAST_ZERO)")]
    public void The_same_request_gets_the_same_error(string server, string request) => Script(server, $$"""
        h.set_strict_mode(0)
        try:
            {{request}}
            print("done")
        except nbd.Error as e:
            print(e.errno)
        """, "true");

    private static void Script(string server, string script, string then) =>
        Twins.RunAlike(
            $"-U - {server} --run 'nbdsh -u \"$uri\" -c \"$(cat script)\" && {then}'",
            before: $"cat >script <<'SCRIPT'\n{script}\nSCRIPT").Nbdkit.Succeeded();
}
