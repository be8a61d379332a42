// Every spelling of every option in nbdkit(1), sorted as nbdkit lists them. Not: what options do (CommandLine).

using System;

namespace NbdFast.Cli;

/// <summary>The spellings of options.</summary>
internal static class OptionTable
{
    /// <summary>By long name; a short letter stands with the first spelling of its option.</summary>
    public static ReadOnlySpan<OptionSpelling> Spellings => All;

    private static readonly OptionSpelling[] All =
    [
        Flag("ipv4-only", '4', OptionId.IPv4Only),
        Flag("ipv6-only", '6', OptionId.IPv6Only),
        Value("debug", 'D', OptionId.Debug),
        Flag("dump-config", '\0', OptionId.DumpConfig),
        Flag("dump-plugin", '\0', OptionId.DumpPlugin),
        Flag("exit-with-parent", '\0', OptionId.ExitWithParent),
        Value("export", 'e', OptionId.ExportName),
        Value("export-name", '\0', OptionId.ExportName),
        Value("exportname", '\0', OptionId.ExportName),
        Value("filter", '\0', OptionId.Filter),
        Flag("foreground", 'f', OptionId.Foreground),
        Flag("no-fork", '\0', OptionId.Foreground),
        Value("group", 'g', OptionId.Group),
        Flag("help", '\0', OptionId.Help),
        Value("io", '\0', OptionId.Io),
        Value("ip-addr", 'i', OptionId.IpAddress),
        Value("ipaddr", '\0', OptionId.IpAddress),
        Flag("keep-alive", '\0', OptionId.Keepalive),
        Flag("keepalive", '\0', OptionId.Keepalive),
        Value("log", '\0', OptionId.Log),
        Flag("long-options", '\0', OptionId.LongOptions),
        Value("mask-handshake", '\0', OptionId.MaskHandshake),
        Value("name", '\0', OptionId.Name),
        Flag("new-style", 'n', OptionId.Newstyle),
        Flag("newstyle", '\0', OptionId.Newstyle),
        Flag("no-mc", '\0', OptionId.NoMetaContexts),
        Flag("no-meta-contexts", '\0', OptionId.NoMetaContexts),
        Flag("no-sr", '\0', OptionId.NoStructuredReplies),
        Flag("no-structured-replies", '\0', OptionId.NoStructuredReplies),
        Flag("old-style", 'o', OptionId.Oldstyle),
        Flag("oldstyle", '\0', OptionId.Oldstyle),
        Value("pid-file", 'P', OptionId.PidFile),
        Value("pidfile", '\0', OptionId.PidFile),
        Value("port", 'p', OptionId.Port),
        Flag("print-uri", '\0', OptionId.PrintUri),
        Flag("read-only", 'r', OptionId.ReadOnly),
        Flag("readonly", '\0', OptionId.ReadOnly),
        Value("run", '\0', OptionId.Run),
        Value("selinux-label", '\0', OptionId.SelinuxLabel),
        Flag("short-options", '\0', OptionId.ShortOptions),
        Flag("single", 's', OptionId.Single),
        Flag("stdin", '\0', OptionId.Single),
        Flag("swap", '\0', OptionId.Swap),
        Flag("swap-check", '\0', OptionId.SwapCheck),
        Value("threads", 't', OptionId.Threads),
        Value("timeout", '\0', OptionId.Timeout),
        Value("tls", '\0', OptionId.Tls),
        Value("tls-certificates", '\0', OptionId.TlsCertificates),
        Value("tls-priority", '\0', OptionId.TlsPriority),
        Value("tls-psk", '\0', OptionId.TlsPsk),
        Flag("tls-verify-peer", '\0', OptionId.TlsVerifyPeer),
        Value("unix", 'U', OptionId.Unix),
        Value("user", 'u', OptionId.User),
        Flag("verbose", 'v', OptionId.Verbose),
        Flag("version", 'V', OptionId.Version),
        Flag("vsock", '\0', OptionId.Vsock),
    ];

    private static OptionSpelling Flag(string name, char letter, OptionId id) => new(name, letter, false, id);

    private static OptionSpelling Value(string name, char letter, OptionId id) => new(name, letter, true, id);
}
