// A read of a file that a ring has under way. Not: the ring (ReadRing).

namespace NbdFast.Drivers;

/// <summary>Is told of its end.</summary>
internal interface IDiskRead
{
    /// <summary>The read has ended. Called within a burst, on a thread that must not wait.</summary>
    /// <param name="result">The bytes read, or the negated errno.</param>
    void ReadEnded(int result);
}
