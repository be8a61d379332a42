// The same command line given to nbdkit and to nbdfast. Not: what must be the same in the answers (the tests).

using System;
using System.Text.RegularExpressions;
using NbdFast.Testing;

namespace NbdFast.Parity;

/// <summary>Runs command lines with both programs, each in a folder of its own with the same files.</summary>
internal static partial class Twins
{
    // disk: noise. sparse: data, a hole, data, a hole. probe: all that a client can see of a server.
    private const string MakeFiles = """
        head -c 1M <(yes 0123456789abcdef) >disk
        truncate -s 1M sparse
        dd if=disk of=sparse bs=64k count=1 conv=notrunc status=none
        dd if=disk of=sparse bs=64k count=1 seek=8 conv=notrunc status=none
        mkdir folder
        cat >probe <<'PROBE'
        nbdinfo --json "$uri" | grep -v '"uri"\|"content"'
        nbdinfo --map "$uri"
        nbdcopy "$uri" copy && stat -c %s copy && sha256sum <copy
        PROBE
        """;

    /// <summary>Runs <c>nbdkit ARGUMENTS</c> and <c>nbdfast ARGUMENTS</c>.</summary>
    /// <param name="arguments">For bash. The folder has <c>disk</c>, <c>sparse</c>, <c>folder</c>,
    /// <c>probe</c>.</param>
    /// <param name="before">A command line that makes more files.</param>
    public static (CommandResult Nbdkit, CommandResult Nbdfast) Run(string arguments, string before = "") =>
        Run(arguments, before, "");

    /// <summary>Asserts that both answer with the same exit code and the same output, and not just because the test
    /// asks for something that fails: each command of the line must succeed, and no client may complain.</summary>
    /// <param name="arguments">As above.</param>
    /// <param name="before">As above.</param>
    /// <param name="exitCode">What both are to end with. Unless it is 0, clients may complain.</param>
    /// <returns>The answers, for more.</returns>
    public static (CommandResult Nbdkit, CommandResult Nbdfast) RunAlike(
        string arguments, string before = "", int exitCode = 0)
    {
        (CommandResult nbdkit, CommandResult nbdfast) = Run(arguments, before, "set -e -o pipefail; ");
        Assert.True(nbdkit.ExitCode == exitCode, $"nbdkit was to end with {exitCode}\n{nbdkit}");
        if (exitCode == 0)
            Assert.False(Complaint().IsMatch(nbdkit.Errors), $"a client complains\n{nbdkit}");
        (nbdkit, nbdfast) = AbilityTable.Allow(arguments, nbdkit, nbdfast);
        Assert.True(
            nbdkit.ExitCode == nbdfast.ExitCode && nbdkit.Output == nbdfast.Output,
            $"the answers differ\n{nbdkit}\n{nbdfast}");
        return (nbdkit, nbdfast);
    }

    private static (CommandResult Nbdkit, CommandResult Nbdfast) Run(string arguments, string before, string settings)
    {
        Requires.Tools("nbdkit", "nbdinfo", "nbdcopy", "nbdsh");
        return (RunOne("nbdkit", arguments, before, settings), RunOne("nbdfast", arguments, before, settings));
    }

    private static CommandResult RunOne(string program, string arguments, string before, string settings)
    {
        using TempFolder folder = new();
        ShellCommand.Run($"{MakeFiles}\n{before}", folder: folder.Path).Succeeded();
        CommandResult result = ShellCommand.Run($"{settings}{program} {arguments}", folder: folder.Path);
        return result with
        {
            Output = Neutral(result.Output, folder.Path),
            Errors = Neutral(result.Errors, folder.Path),
        };
    }

    // Takes out what must differ: names of programs, of private sockets and of the folder.
    private static string Neutral(string text, string folder) =>
        Program().Replace(
            PrivateSocket().Replace(text.Replace(folder, "FOLDER", StringComparison.Ordinal), "SOCKET"),
            "PROGRAM");

    // Of what runs within the test, not of the server, whose errors may be what is compared. The probe asks for extents
    // where there are none too.
    [GeneratedRegex(
        @"^(?!nbdinfo: --map: server does not support)(nbdinfo|nbdcopy|nbdsh|qemu-\w+|\S*sh|Traceback)\b",
        RegexOptions.Multiline)]
    private static partial Regex Complaint();

    [GeneratedRegex(@"/tmp/nbd\w+/socket")]
    private static partial Regex PrivateSocket();

    [GeneratedRegex(@"\bnbd(kit|fast)\b")]
    private static partial Regex Program();
}
