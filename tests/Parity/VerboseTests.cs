// What -v says, which scripts search for requests. Not: error messages (RefusedTests).

using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using NbdFast.Testing;

namespace NbdFast.Parity;

public sealed partial class VerboseTests
{
    // Every command once, as far as the server has it.
    private const string Client = """
        h.pwrite(b"x" * 512, 1024)
        h.pwrite(b"x" * 512, 1024, nbd.CMD_FLAG_FUA)
        h.pread(512, 512)
        h.flush()
        if h.can_trim(): h.trim(4096, 4096)
        if h.can_zero(): h.zero(4096, 0); h.zero(4096, 4096, nbd.CMD_FLAG_NO_HOLE | nbd.CMD_FLAG_FUA)
        if h.can_cache(): h.cache(512, 0)
        h.shutdown()
        """;

    // An address, a line of nbdfast alone, and abilities: nbdfast asks for all of them before it serves, nbdkit for
    // some of them when it needs them.
    private static readonly string[] NotCompared = ["open returned", "described as", "export_description", "can_"];

    [Theory]
    [InlineData("memory 1M")]
    [InlineData("file disk")]
    [InlineData("null 1M")]
    [InlineData("--filter=offset memory 1M offset=4k")]
    [InlineData("--filter=fua memory 1M fuamode=emulate")]
    [InlineData("--filter=fua memory 1M fuamode=force")]
    [InlineData("--filter=nozero memory 1M zeromode=notrim")]
    [InlineData("-r memory 1M")]
    [InlineData("-D nbdkit.backend.datapath=0 memory 1M")]
    public void Every_call_of_a_unit_is_told_in_the_same_words(string server)
    {
        string client = server.StartsWith("-r", StringComparison.Ordinal) ? "h.pread(512, 512)\nh.shutdown()" : Client;
        (CommandResult nbdkit, CommandResult nbdfast) = Twins.Run(
            $"-v -U - {server} --run 'nbdsh -u \"$uri\" -c \"$(cat client)\"'",
            before: $"cat >client <<'CLIENT'\n{client}\nCLIENT");
        nbdkit.Succeeded();
        nbdfast.Succeeded();
        Assert.Equal(Calls(nbdkit.Errors), Calls(nbdfast.Errors));
    }

    // nbdkit 1.32 leaves out less than its manual says.
    [Fact]
    public void Without_the_control_path_requests_are_told_alone() => Assert.Equal(
        ["memory: pread count=512 offset=0"],
        Calls(ShellCommand.Run(
            "nbdfast -v -D nbdkit.backend.controlpath=0 -U - memory 1M "
            + "--run 'nbdsh -u \"$uri\" -c \"h.pread(512, 0)\"'").Errors));

    [Theory]
    [InlineData("newstyle negotiation: flags: global 0x3")]
    [InlineData("newstyle negotiation: client flags: 0x3")]
    [InlineData("newstyle negotiation: NBD_OPT_STRUCTURED_REPLY: client requested structured replies")]
    [InlineData("replying to NBD_OPT_STRUCTURED_REPLY with NBD_REP_ACK")]
    [InlineData("newstyle negotiation: NBD_OPT_GO: client requested export ''")]
    [InlineData("newstyle negotiation: flags: export 0x")]
    [InlineData("replying to NBD_OPT_GO with NBD_REP_ACK")]
    [InlineData("handshake complete, processing requests with 16 threads")]
    [InlineData("client sent NBD_CMD_DISC, closing connection")]
    [InlineData("using thread model: parallel")]
    [InlineData("accepted connection")]
    [InlineData("bound to unix socket SOCKET")]
    public void The_life_of_a_connection_is_told_in_the_same_words(string line)
    {
        (CommandResult nbdkit, CommandResult nbdfast) = Twins.Run(
            "-v -U - memory 1M --run 'nbdinfo --size \"$uri\"'");
        Assert.Contains(line, nbdkit.Errors, StringComparison.Ordinal);
        Assert.Contains(line, nbdfast.Errors, StringComparison.Ordinal);
    }

    // "LAYER: CALL ..." of each line, sorted: both may answer requests in another order.
    private static IEnumerable<string> Calls(string log) => log.Split('\n')
        .Select(line => Call().Match(line).Groups[1].Value)
        .Where(call => call.Length > 0 && !NotCompared.Any(word => call.Contains(word, StringComparison.Ordinal)))
        .Order(StringComparer.Ordinal);

    [GeneratedRegex(@"debug: ((memory|file|null|offset|fua|nozero): .*)")]
    private static partial Regex Call();
}
