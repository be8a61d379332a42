// Servers on other machines of the same host (vsock). Few kernels can connect to themselves that way, so this looks at
// what the kernel is asked for. Not: vsock between a guest and its host (GuestServerTests).

using System;
using NbdFast.Testing;

namespace NbdFast.Interop;

public sealed class NbdVsockTests
{
    // strace(1) also answers in the kernel's place, which may think about it for some seconds.
    [SkippableTheory]
    [InlineData("vsock=4294967294 port=4711", 0xfffffffe, 4711u)]
    [InlineData("vsock=4294967294", 0xfffffffe, 10809u)]
    [InlineData("vsock=4294967294 port=4294967294", 0xfffffffe, 0xfffffffe)]
    [InlineData("nbd+vsock://4294967294:99/name", 0xfffffffe, 99u)]
    [InlineData("nbds+vsock://4294967294/ tls-verify=false", 0xfffffffe, 10809u)]
    public void The_kernel_is_asked_for_that_machine_and_port(string parameters, uint machine, uint port)
    {
        Requires.Tools("strace");
        Requires.Vsock();
        using TempFolder folder = new();
        CommandResult result = ShellCommand.Run(
            "strace -f -e trace=connect -e inject=connect:error=ENODEV -o calls "
            + $"nbdfast -U - nbd {parameters} shared=true --run 'echo ran'; code=$?; cat calls; exit $code",
            folder: folder.Path);
        result.Failed(1, $"vsock:{machine}:{port}: connect: No such device");
        Assert.DoesNotContain("ran", result.Output.Split('\n'));
        Assert.Contains(
            $"sa_family=AF_VSOCK, svm_cid=0x{machine:x}, svm_port=0x{port:x},",
            result.Output,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("vsock=host", "vsock: could not parse number: \"host\"")]
    [InlineData("vsock=4294967296", "vsock: ")]
    [InlineData("vsock=-1", "vsock: negative numbers are not allowed")]
    [InlineData("vsock=2 port=nbd", "port: could not parse number: \"nbd\"")]
    [InlineData("vsock=2 hostname=x", "cannot mix")]
    public void What_is_no_machine_or_port_is_refused(string parameters, string gist) =>
        ShellCommand.Run($"nbdfast -U - nbd {parameters} --run 'echo ran'").Failed(1, gist);
}
