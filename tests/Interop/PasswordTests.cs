// Passwords on the command line of a program whose plugin takes one: every form, and that none of them is shown. Not:
// how a file or descriptor is read (Core.Tests), what a password opens.

using System;
using NbdFast.Testing;

namespace NbdFast.Interop;

[Collection(SampleProgram.Collection)]
[Trait("Needs", "checkout")]
public sealed class PasswordTests(SampleProgram sample)
{
    private const string Show =
        "--run 'nbdsh -u \"$uri\" -c \"print(h.pread(512, 0).rstrip(bytes(1)).decode())\"'";

    // terminal ANSWER COMMAND...: runs the command at a terminal of its own and types the answer when it is asked.
    private const string Terminal = """
        cat >terminal.py <<'PYTHON'
        import os, pty, sys, termios
        answer, command = sys.argv[1], sys.argv[2:]
        child, terminal = pty.fork()
        if child == 0:
            os.execvp(command[0], command)
        seen = b""
        def read_until(what):
            global seen
            while what is None or what not in seen:
                try:
                    part = os.read(terminal, 1000)
                except OSError:
                    return
                if not part:
                    return
                seen += part
        def echoes():
            return bool(termios.tcgetattr(terminal)[3] & termios.ECHO)
        read_until(b"password: ")
        while echoes():
            pass
        os.write(terminal, answer.encode() + b"\n")
        read_until(None)
        print("echo again" if echoes() else "no echo")
        print(seen.decode().replace("\r", ""), os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
        PYTHON
        terminal() { /usr/bin/python3 terminal.py "$@"; }

        """;

    [Theory]
    [InlineData("tape tape 4K passphrase=hunter2 ")]
    [InlineData("echo hunter2 >file; tape tape 4K passphrase=+file ")]
    [InlineData("echo hunter2 >file; tape tape 4K passphrase=-3 3<file ")]
    [InlineData("echo hunter2 | tape tape 4K passphrase=-5 5<&0 </dev/null ")]
    [InlineData("printf %s passphrase=hunter2 >file; tape tape 4K @./file ")]
    public void A_password_is_given_as_it_is_or_read_from_elsewhere(string command)
    {
        Requires.Tools("nbdsh");
        Assert.Equal("hunter2", sample.Run(command + Show));
    }

    [Fact]
    public void A_descriptor_is_there_in_the_background_too()
    {
        Requires.Tools("nbdsh");
        Assert.Equal(
            "hunter2",
            sample.Run(
                "echo hunter2 >file; tape -U s -P pid tape 4K passphrase=-3 3<file; nbdsh -u nbd+unix://?socket=$PWD/s "
                + "-c 'print(h.pread(512, 0)[:7].decode())'; kill $(cat pid); rm s pid"));
    }

    [Fact]
    public void At_the_terminal_it_is_asked_for_without_showing_what_is_typed()
    {
        Requires.Tools("nbdsh");
        string said = sample.Run(
            Terminal + "terminal 'open sesame' tape -v tape 4K passphrase=- --run 'nbdsh -u \"$uri\" "
            + "-c \"print(len(h.pread(512, 0).rstrip(bytes(1))))\"'");
        Assert.StartsWith("echo again\n", said, StringComparison.Ordinal);
        Assert.Contains("\n11\n", said, StringComparison.Ordinal);
        Assert.EndsWith(" 0", said, StringComparison.Ordinal);
        Assert.DoesNotContain("sesame", said, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_terminal_nothing_is_asked() => sample
        .Try("setsid -w tape -f -U - tape 4K passphrase=- </dev/null")
        .Failed(1, "cannot read password interactively: open /dev/tty: No such device or address");

    [Theory]
    [InlineData("tape -v -D nbdkit.backend.controlpath=1 tape 4K passphrase=hunter2 --run true")]
    [InlineData("tape -v --filter=flip --filter=log tape 4K passphrase=hunter2 logfile=/dev/stdout --run true")]
    [InlineData("tape --filter=flip tape 4K passphrase=hunter2 --dump-plugin")]
    [InlineData("tape tape 4K passphrase=hunter2 --help")]
    [InlineData("tape -f -U - tape 4X passphrase=hunter2; :")]
    [InlineData("tape -f -U - tape 4K passphrase=hunter2 unknown=1; :")]
    [InlineData("tape -v -f -U - tape passphrase=hunter2; :")]
    [InlineData("echo hunter2 >file; tape -v tape 4K passphrase=+file --run true")]
    [InlineData("echo hunter2 >file; tape -v -f -U - tape passphrase=+file; :")]
    public void No_message_tells_it(string command)
    {
        string said = sample.Run($"{{ {command}; }} 2>&1");
        Assert.NotEqual("", said);
        Assert.DoesNotContain("hunter2", said, StringComparison.Ordinal);
    }

    [Fact]
    public void Debug_messages_show_that_it_was_given() => Assert.Contains(
        "debug: tape: config key=passphrase, value=***",
        sample.Run("tape -v tape 4K passphrase=hunter2 --run true 2>&1"),
        StringComparison.Ordinal);
}
