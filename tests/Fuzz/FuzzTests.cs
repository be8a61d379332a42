// Attacks on the server in this process, with a chain that runs on the receiving thread and one on workers. Not: the
// attacks themselves (Targets).

using NbdFast.Chain;
using NbdFast.Fuzz.Targets;
using NbdFast.Plugins.Memory;
using NbdFast.Testing;

namespace NbdFast.Fuzz;

public sealed class FuzzTests
{
    [Fact]
    public void Handshakes_that_are_nearly_right_do_no_harm()
    {
        using LocalServer server = OverMemory();
        FuzzRun.Attack(server, new HandshakeTarget());
    }

    [Theory]
    [InlineData(ReplyMode.Simple)]
    [InlineData(ReplyMode.Structured)]
    [InlineData(ReplyMode.Extended)]
    public void Requests_that_are_nearly_right_do_no_harm(ReplyMode mode)
    {
        using LocalServer server = OverMemory();
        FuzzRun.Attack(server, new TransmissionTarget(mode));
    }

    [Theory]
    [InlineData(ReplyMode.Simple)]
    [InlineData(ReplyMode.Structured)]
    [InlineData(ReplyMode.Extended)]
    public void Requests_that_are_nearly_right_do_no_harm_on_workers(ReplyMode mode)
    {
        UnitTable table = new()
        {
            Name = "plugin",
            LongName = "fake plugin",
            Latency = Latency.Blocking,
            Operations = Operations.All,
        };
        using LocalServer server = LocalServer.Start(new FakePlugin { TableOverride = table });
        FuzzRun.Attack(server, new TransmissionTarget(mode));
    }

    private static LocalServer OverMemory() => LocalServer.Start(new MemoryPlugin(), parameters: ("size", "1M"));
}
