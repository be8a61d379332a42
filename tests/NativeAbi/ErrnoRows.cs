// The errno values. Not: the NBD error codes, which are no business of C.

using System;
using System.Collections.Generic;
using System.Linq;

namespace NbdFast.NativeAbi;

/// <summary>Every member of <see cref="Errno"/> but Ok, under its own name.</summary>
internal static class ErrnoRows
{
    public static IEnumerable<NativeConstant> All { get; } =
        from errno in Enum.GetValues<Errno>()
        where errno != Errno.Ok
        select new NativeConstant(errno.ToString(), "errno.h", (int)errno);
}
