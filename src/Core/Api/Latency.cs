// What a unit says about how long its calls take. Not: what the server makes of it (Chain/ExecutionPlan).

namespace NbdFast;

/// <summary>How long the calls of a unit may take: decides on which thread the server runs them.</summary>
public enum Latency
{
    /// <summary>Adds nothing to what lies below. For a filter: the layers below decide. For a plugin the same as
    /// <see cref="MayBlock"/>.</summary>
    Inherited = 0,

    /// <summary>Never waits: memory and arithmetic. Run on the thread that received the request.</summary>
    Memory = 1,

    /// <summary>Usually quick, but may wait, as a file outside of the page cache does.</summary>
    MayBlock = 2,

    /// <summary>Waits as a rule (network, sleeping, a child process): handed to another thread at once.</summary>
    Blocking = 3,
}
