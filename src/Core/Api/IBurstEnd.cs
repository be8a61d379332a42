// Something that is put off to the end of a burst. Not: the burst (Burst).

namespace NbdFast;

/// <summary>What sends in one call all that was gathered meanwhile.</summary>
public interface IBurstEnd
{
    /// <summary>Sends it. Does not wait, and does not throw. It may find that somebody else has sent it.</summary>
    void EndBurst();
}
