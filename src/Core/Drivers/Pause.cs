// Why a connection is not served on. Not: what is done about it (the drivers).

namespace NbdFast.Drivers;

/// <summary>What a connection's <see cref="Served.Serve"/> came to.</summary>
internal enum Pause
{
    /// <summary>All that was received is served: more bytes are needed.</summary>
    NeedsBytes,

    /// <summary>To go on, the thread would have to wait for something other than the next request.</summary>
    NeedsThread,

    /// <summary>Another thread has taken over meanwhile: the caller must not touch anything any more.</summary>
    Lost,

    /// <summary>The connection has come to its end: nothing is left but <see cref="Served.End"/>.</summary>
    Ended,
}
