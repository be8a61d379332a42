// Which of the disks' sizes a row takes. Not: the sizes (BenchOptions).

namespace NbdFast.Bench.EndToEnd.Rows;

/// <summary>How much disk a row needs.</summary>
internal enum DiskLength
{
    /// <summary>Little, which is used again and again.</summary>
    Short,

    /// <summary>Enough that to copy it takes long beside a client's start.</summary>
    Long,

    /// <summary>More than can be read while a cell is measured, for each block is read only once.</summary>
    Cold,
}
