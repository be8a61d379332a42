// Facts about the machine. Not: about the process (Libc.Process).

using System.Runtime.InteropServices;

namespace NbdFast.Native;

public static unsafe partial class Libc
{
    private const int ScPageSize = 30;
    private const int ScPhysicalPages = 85;

    /// <summary>The machine's memory in bytes.</summary>
    public static long PhysicalMemoryBytes() => sysconf(ScPhysicalPages) * sysconf(ScPageSize);

    [DllImport("libc")]
    private static extern long sysconf(int name);
}
