// What posix_fadvise(2) may be told. Not: the call (Libc.Advise).

namespace NbdFast.Native;

/// <summary>How a file, or a range of it, will be used.</summary>
public enum FileAdvice
{
    /// <summary>Nothing special.</summary>
    Normal = 0,

    /// <summary>In random order: reading ahead is no use.</summary>
    Random = 1,

    /// <summary>From front to back: read ahead more.</summary>
    Sequential = 2,

    /// <summary>Soon: read it into the page cache now.</summary>
    WillNeed = 3,

    /// <summary>Not again: drop it from the page cache where it is clean.</summary>
    DontNeed = 4,
}
