// The list of all tables: a table that is not named here is not checked. Not: the rows (one file per topic).

using System.Collections.Generic;

namespace NbdFast.NativeAbi;

/// <summary>All rows.</summary>
internal static class NativeTables
{
    /// <summary>Add the rows of a new table here.</summary>
    public static IReadOnlyList<NativeConstant> All { get; } =
    [
        .. ErrnoRows.All,
        .. FileRows.All,
        .. BlockRows.All,
        .. MemoryRows.All,
        .. ProcessRows.All,
        .. CurlRows.All,
        .. SshRows.All,
    ];
}
