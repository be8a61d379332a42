// Options that exclude each other. Not: values that are wrong by themselves (CommandLine.Apply).

using System.Collections.Generic;

namespace NbdFast.Cli;

internal static partial class CommandLine
{
    /// <summary>Checks what socket activation does not go with, once it is known that there is such.</summary>
    /// <exception cref="UsageException">An option asks for another way to be reached.</exception>
    public static void CheckActivation(Options options)
    {
        foreach ((string option, bool isGiven) in Places(options))
            if (isGiven)
                throw new UsageException($"cannot use socket activation with {option} flag");
        if (options.IpAddress != null)
            throw new UsageException("cannot use socket activation with -i flag");
    }

    // -U and -p together are two sockets. Everything else of which there can be only one is refused as nbdkit does it.
    private static void CheckClashes(Options options)
    {
        if (options.Single)
        {
            foreach ((string option, bool isGiven) in Places(options))
                if (isGiven && option != "-s")
                    throw Clash("-s", option);
            if (options.Vsock)
                throw Clash("-s", "--vsock");
            if (options.Errand == Errand.DumpPlugin)
                throw Clash("-s", "--dump-plugin");
            if (options.PrintUri)
                throw Clash("-s", "--print-uri");
        }

        if (options.Vsock && options.UnixSocket != null)
            throw Clash("--vsock", "-U");
        if (options.Oldstyle && options.Tls == TlsChoice.Require)
            throw new UsageException("cannot use oldstyle protocol (-o) and require TLS");
    }

    private static IEnumerable<(string Option, bool IsGiven)> Places(Options options) =>
    [
        ("--run", options.Run != null),   // Before -U, which it implies.
        ("-p", options.Port != null),
        ("-U", options.UnixSocket != null),
        ("-s", options.Single),
    ];

    private static UsageException Clash(string one, string other) =>
        new($"{one} and {other} options cannot be used in this combination");
}
