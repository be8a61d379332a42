// Both servers side by side, compared by a client. Not: one command line at a time (ServedTests).

using NbdFast.Testing;

namespace NbdFast.Parity;

public sealed class CompareTests
{
    [Theory]
    [InlineData("pattern 5M")]
    [InlineData("null 5M")]
    [InlineData("-r file disk")]
    [InlineData("--filter=offset pattern 8M offset=1234567 range=5M")]
    [InlineData("--filter=cow file disk")]
    public void Qemu_finds_no_difference(string arguments)
    {
        Requires.Tools("nbdkit", "qemu-img");
        const string MakeDisk = "head -c 5M <(yes abcdefg) >disk";
        using ServerProcess nbdkit = ServerProcess.Start(arguments, MakeDisk, binary: "/usr/bin/nbdkit");
        using ServerProcess nbdfast = ServerProcess.Start(arguments, MakeDisk);
        Assert.Equal(
            "Images are identical.",
            nbdfast.Run($"qemu-img compare -s -f raw -F raw $uri '{nbdkit.Uri}'"));
    }
}
