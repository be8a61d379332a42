// What the command line says about the server itself. Not: parameters of units (ChainConfig).

using System;
using System.Collections.Generic;
using NbdFast.Drivers;
using NbdFast.Transport;

namespace NbdFast.Server;

/// <summary>How to serve.</summary>
internal sealed record ServerOptions
{
    /// <summary>nbdkit's default number of requests under way per connection (<c>-t</c>).</summary>
    public const int DefaultThreads = 16;

    /// <summary>The TCP port that IANA reserves for NBD.</summary>
    public const string DefaultPort = "10809";

    /// <summary>The default of <see cref="StartedRequests"/>: a deep queue of a client, and no more memory for an idle
    /// connection than a few threads would take.</summary>
    public const int DefaultStartedRequests = 128;

    private readonly int? _threads;

    /// <summary>Where to listen; none for a server of a single connection.</summary>
    public IReadOnlyList<ListenAddress> Addresses { get; init; } = [];

    /// <summary>The SELinux label of sockets that are made (<c>--selinux-label</c>), or null.</summary>
    public string? SocketLabel { get; init; }

    /// <summary>Refuse writes (<c>-r</c>).</summary>
    public bool ReadOnly { get; init; }

    /// <summary>Speak the oldstyle protocol (<c>-o</c>).</summary>
    public bool Oldstyle { get; init; }

    /// <summary>Decline structured replies, and extended headers with them (<c>--no-sr</c>).</summary>
    public bool NoStructuredReplies { get; init; }

    /// <summary>Treat meta contexts as unsupported (<c>--no-mc</c>).</summary>
    public bool NoMetaContexts { get; init; }

    /// <summary>The handshake flags that may be advertised (<c>--mask-handshake</c>).</summary>
    public uint HandshakeMask { get; init; } = uint.MaxValue;

    /// <summary>Encryption (<c>--tls</c> and its options), or null without.</summary>
    public TlsContext? Tls { get; init; }

    /// <summary>How long a client may take to negotiate, or null for ever (<c>--timeout</c>).</summary>
    public TimeSpan? HandshakeTimeout { get; init; }

    /// <summary>How many clients may negotiate at once; each more costs the oldest of them its connection.</summary>
    public int MaximumNegotiating { get; init; } = 1024;

    /// <summary>The most requests of one connection under way at once (<c>-t</c>), at least 1.</summary>
    public int Threads
    {
        get => _threads ?? DefaultThreads;
        init => _threads = value;
    }

    /// <summary>The same where they need no thread for each of them (<see cref="Chain.ExecutionPlan.Async"/>, reads in
    /// a ring): more where nothing was said.</summary>
    public int StartedRequests => _threads ?? DefaultStartedRequests;

    /// <summary>Which driver serves connections (<c>--io</c>).</summary>
    public IoChoice Io { get; init; }

    /// <summary>The most payload bytes under way in the whole process; each connection may have one request beyond
    /// it.</summary>
    public long BytesUnderWay { get; init; } = MemoryBound.BytesUnderWay();

    /// <summary>The process ends with this server: when it is stopped, units are told and wake from their sleep. Not
    /// where several servers live in one process, one after the other or at once.</summary>
    public bool EndsProcess { get; init; } = true;

    /// <summary>Set SO_KEEPALIVE on TCP sockets (<c>--keepalive</c>).</summary>
    public bool Keepalive { get; init; }
}
