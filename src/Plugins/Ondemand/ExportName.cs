// Names of exports as names of files. Not: the files (ExportFolder).

using System;
using System.Text;

namespace NbdFast.Plugins.Ondemand;

/// <summary>Tells which names may be files ("Export names" in nbdkit-ondemand-plugin(1)).</summary>
internal static class ExportName
{
    private const int LongestBytes = 255;   // NAME_MAX.

    /// <summary>The name is short enough, has no '/' and no ':', and does not begin with a dot.</summary>
    public static bool IsValid(string name) =>
        name.Length > 0 && name[0] != '.' && name.AsSpan().IndexOfAny('/', ':', '\0') < 0
        && Encoding.UTF8.GetByteCount(name) <= LongestBytes;
}
