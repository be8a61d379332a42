// On which thread an operation runs. Not: the threads (Server).

namespace NbdFast.Chain;

/// <summary>How the server runs operations of an open chain; fixed when it is opened.</summary>
public enum ExecutionPlan
{
    /// <summary>On the thread that received the request.</summary>
    Inline = 0,

    /// <summary>On another thread, so that the receiving one goes on.</summary>
    Workers = 1,

    /// <summary>Started by the receiving thread, which does not wait for the end.</summary>
    Async = 2,

    /// <summary>On the thread that received the request, which is relieved when the operation is found to
    /// wait.</summary>
    Lazy = 3,
}
