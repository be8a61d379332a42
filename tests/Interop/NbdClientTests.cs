// The original NBD project's client, as far as it works without the kernel's nbd devices. Not: those devices.

using NbdFast.Testing;

namespace NbdFast.Interop;

public sealed class NbdClientTests
{
    [Fact]
    public void The_exports_can_be_listed()
    {
        Requires.Tools("nbd-client");
        using ServerProcess server = ServerProcess.StartTcp("memory 1M");
        Assert.Contains("Negotiation: ..", server.Run("nbd-client -l 127.0.0.1 $port"));
    }
}
