// Something that a serving thread can be given to do. Not: the threads (ServingThreads).

namespace NbdFast.Drivers;

/// <summary>Work for a thread; one object can wait in one queue at a time.</summary>
internal abstract class Work
{
    /// <summary>The next in the queue.</summary>
    internal Work? Next { get; set; }

    /// <summary>Does it, on the calling thread.</summary>
    public abstract void Run();
}
