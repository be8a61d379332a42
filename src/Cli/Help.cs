// The answer to --help. Not: the manual (docs/nbdfast.md), nor the texts about parameters, which come from the units.

using System.Text;
using NbdFast.Chain;

namespace NbdFast.Cli;

/// <summary>Writes what can be given on the command line.</summary>
internal static class Help
{
    private const string BuiltIn = "(built into this program)";

    /// <summary>The line that follows a message about a command line that lacks something.</summary>
    public static string Pointer =>
        $"Use '{Log.ProgramName} --help' or read docs/nbdfast.md and the nbdkit(1) manual page for documentation.";

    /// <summary>The forms of the command line.</summary>
    public static string Usage => $"""
        {Log.ProgramName} [-4|--ipv4-only] [-6|--ipv6-only]
               [-D|--debug PLUGIN|FILTER|nbdkit.FLAG=N]
               [--exit-with-parent] [-e|--exportname EXPORTNAME]
               [--filter=FILTER ...] [-f|--foreground]
               [-g|--group GROUP] [-i|--ipaddr IPADDR]
               [--io=auto|threads|epoll|uring] [--keepalive]
               [--log=default|stderr|syslog|null|/path]
               [--mask-handshake=MASK] [--name=NAME]
               [-n|--newstyle] [--no-mc|--no-meta-contexts]
               [--no-sr|--no-structured-replies] [-o|--oldstyle]
               [-P|--pidfile PIDFILE] [-p|--port PORT] [--print-uri]
               [-r|--readonly] [--run 'COMMAND ARGS ...']
               [--selinux-label=LABEL] [-s|--single]
               [--swap] [--swap-check]
               [-t|--threads THREADS] [--timeout=TIMEOUT]
               [--tls=off|on|require]
               [--tls-certificates=/path/to/certificates]
               [--tls-priority=PRIORITY]
               [--tls-psk=/path/to/pskfile] [--tls-verify-peer]
               [-U|--unix SOCKET|-] [-u|--user USER]
               [-v|--verbose] [--vsock]
               PLUGIN [[KEY=]VALUE [KEY=VALUE [...]]] | @PATH

        {Log.ProgramName} --dump-config

        {Log.ProgramName} PLUGIN --dump-plugin

        {Log.ProgramName} --help

        {Log.ProgramName} [-V|--version]

        {Log.ProgramName} [--short-options|--long-options]

        All of it is explained in docs/nbdfast.md and in the nbdkit(1) manual page.

        """;

    /// <summary>Writes the forms of the command line, then what the named units take.</summary>
    /// <exception cref="UsageException">A unit is unknown.</exception>
    public static string Write(Options options)
    {
        var text = new StringBuilder(Usage);
        if (options.Plugin == null)
            return text.ToString();
        UnitTable plugin = UnitCatalogue.FindPlugin(options.Plugin);
        foreach (string filter in options.Filters)
            Append(text, "filter", UnitCatalogue.FindFilter(filter));
        Append(text, "plugin", plugin);
        return text.ToString();
    }

    /// <summary>Writes what one unit says of itself.</summary>
    /// <param name="text">Where to.</param>
    /// <param name="kind">"plugin" or "filter".</param>
    /// <param name="unit">The unit.</param>
    internal static void Append(StringBuilder text, string kind, UnitTable unit)
    {
        text.Append('\n').Append(kind).Append(": ").Append(unit.Name);
        if (unit.LongName.Length > 0 && unit.LongName != unit.Name)
            text.Append(" (").Append(unit.LongName).Append(')');
        text.Append('\n').Append(BuiltIn).Append('\n');
        if (unit.Description is { Length: > 0 } description)
            text.Append(description.TrimEnd('\n')).Append('\n');
        if (unit.ConfigHelp.Length > 0)
            text.Append(unit.ConfigHelp.TrimEnd('\n')).Append('\n');
    }
}
