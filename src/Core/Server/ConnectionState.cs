// All that a connection negotiated, in one object: enough to hand a live connection to another process. Not: its
// threads.

using NbdFast.Protocol;

namespace NbdFast.Server;

/// <summary>What a client and the server agreed on.</summary>
internal sealed class ConnectionState
{
    /// <summary>What the server advertised first.</summary>
    public HandshakeFlags ServerFlags { get; set; }

    /// <summary>What the client answered.</summary>
    public HandshakeFlags ClientFlags { get; set; }

    /// <summary>The form of replies.</summary>
    public ReplyMode Mode { get; set; }

    /// <summary>The export for which meta contexts were set, or null if none is.</summary>
    public string? ContextExport { get; set; }

    /// <summary>The export that is served, as the client named it.</summary>
    public string ExportName { get; set; } = "";

    /// <summary>What was advertised about the export.</summary>
    public TransmissionFlags Flags { get; set; }

    /// <summary>The export's size in bytes, as the client was told.</summary>
    public ulong Size { get; set; }

    /// <summary>base:allocation was selected for the export that is served.</summary>
    public bool HasAllocation { get; set; }

    /// <summary>Forgets what options were about: TLS begins, and before it anybody may have sent them.</summary>
    public void Forget()
    {
        Mode = ReplyMode.Simple;
        ContextExport = null;
    }

    /// <summary>The terms for the rules of requests.</summary>
    public TransmissionTerms Terms => new(Size, Flags, Mode, HasAllocation);
}
