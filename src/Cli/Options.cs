// A command line that was understood. Not: how it was read (CommandLine), what it leads to (Serving).

using System;
using System.Collections.Generic;
using NbdFast.Drivers;
using NbdFast.Transport;

namespace NbdFast.Cli;

/// <summary>What the options and operands say.</summary>
internal sealed class Options
{
    /// <summary>What to do.</summary>
    public Errand Errand { get; set; } = Errand.Serve;

    /// <summary>The plugin's name, or null if none was given.</summary>
    public string? Plugin { get; set; }

    /// <summary>What follows the plugin's name: <c>key=value</c>, bare values, <c>@FILE</c>.</summary>
    public IReadOnlyList<string> Parameters { get; set; } = [];

    /// <summary>The filters' names, outermost first.</summary>
    public List<string> Filters { get; } = [];

    /// <summary><c>-D</c>, in order.</summary>
    public List<DebugFlag> DebugFlags { get; } = [];

    /// <summary><c>-4</c> or <c>-6</c>, whichever came last.</summary>
    public AddressFamilyChoice Family { get; set; }

    /// <summary><c>-i</c>, or null.</summary>
    public string? IpAddress { get; set; }

    /// <summary><c>-p</c>, or null.</summary>
    public string? Port { get; set; }

    /// <summary><c>-U</c>: an absolute path, "-" for a private socket, or null. Implied by <c>--run</c>.</summary>
    public string? UnixSocket { get; set; }

    /// <summary><c>-e</c>.</summary>
    public string ExportName { get; set; } = "";

    /// <summary><c>-f</c>, also if implied.</summary>
    public bool Foreground { get; set; }

    /// <summary><c>-r</c>.</summary>
    public bool ReadOnly { get; set; }

    /// <summary><c>-o</c>, unless <c>-n</c> came later.</summary>
    public bool Oldstyle { get; set; }

    /// <summary><c>--no-sr</c>.</summary>
    public bool NoStructuredReplies { get; set; }

    /// <summary><c>--no-mc</c>.</summary>
    public bool NoMetaContexts { get; set; }

    /// <summary><c>--mask-handshake</c>.</summary>
    public uint HandshakeMask { get; set; } = uint.MaxValue;

    /// <summary><c>--timeout</c>, or null for none.</summary>
    public TimeSpan? HandshakeTimeout { get; set; }

    /// <summary><c>-t</c>, or null for the default.</summary>
    public int? Threads { get; set; }

    /// <summary><c>--keepalive</c>.</summary>
    public bool Keepalive { get; set; }

    /// <summary>Which driver serves connections.</summary>
    public IoChoice Io { get; set; }

    /// <summary><c>-P</c>: an absolute path, or null.</summary>
    public string? PidFile { get; set; }

    /// <summary><c>--run</c>, or null.</summary>
    public string? Run { get; set; }

    /// <summary><c>-s</c>: one connection, on standard input and output.</summary>
    public bool Single { get; set; }

    /// <summary><c>--vsock</c>: the port is one of vsock.</summary>
    public bool Vsock { get; set; }

    /// <summary>Sockets that are there already (socket activation), as descriptors; empty without.</summary>
    public IReadOnlyList<int> ActivationSockets { get; set; } = [];

    /// <summary><c>--exit-with-parent</c>.</summary>
    public bool ExitWithParent { get; set; }

    /// <summary>The disk is swap of this machine (<c>--swap</c>).</summary>
    public bool Swap { get; set; }

    /// <summary>Instead of serving, say whether the disk can be swap (<c>--swap-check</c>, ours).</summary>
    public bool SwapCheck { get; set; }

    /// <summary><c>-u</c>: a name or number, or null.</summary>
    public string? User { get; set; }

    /// <summary><c>-g</c>: a name or number, or null.</summary>
    public string? Group { get; set; }

    /// <summary><c>--selinux-label</c>, or null.</summary>
    public string? SelinuxLabel { get; set; }

    /// <summary><c>--tls</c>, or null for the default.</summary>
    public TlsChoice? Tls { get; set; }

    /// <summary><c>--tls-certificates</c>, or null.</summary>
    public string? TlsCertificates { get; set; }

    /// <summary><c>--tls-priority</c>, or null.</summary>
    public string? TlsPriority { get; set; }

    /// <summary><c>--tls-psk</c>, or null.</summary>
    public string? TlsPsk { get; set; }

    /// <summary><c>--tls-verify-peer</c>.</summary>
    public bool TlsVerifyPeer { get; set; }

    /// <summary><c>--print-uri</c>.</summary>
    public bool PrintUri { get; set; }

    /// <summary><c>--name</c>, or null.</summary>
    public string? Name { get; set; }

    /// <summary><c>-v</c>.</summary>
    public bool Verbose { get; set; }

    /// <summary><c>--log</c>.</summary>
    public LogChoice Log { get; set; }

    /// <summary>The file of <c>--log=/path</c>; "" without.</summary>
    public string LogFile { get; set; } = "";

    /// <summary>The server is to leave the caller's foreground.</summary>
    public bool InBackground =>
        Errand == Errand.Serve && !Foreground && Run == null && ActivationSockets.Count == 0;
}
