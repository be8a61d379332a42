// How much parallelism a unit bears. Not: how the server uses it (Chain/ExecutionPlan, Server/ConnectionGate).

namespace NbdFast;

/// <summary>How many calls into a unit may be under way at once; see "Threads" in nbdkit-plugin(3). Ordered from the
/// strictest to the most parallel; the chain's model is the smallest of its layers.</summary>
public enum ThreadModel
{
    /// <summary>One client at a time; a second one waits until the first has gone.</summary>
    SerializeConnections = 0,

    /// <summary>Several clients, but one call at a time in the whole process.</summary>
    SerializeAllRequests = 1,

    /// <summary>Several clients, one call at a time for each of them.</summary>
    SerializeRequests = 2,

    /// <summary>Any number of calls at once, also of one client; replies may come out of order.</summary>
    Parallel = 3,
}
