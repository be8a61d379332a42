// The flags of open(2). Not: the call (Libc.Open).

using System.Runtime.InteropServices;

namespace NbdFast.Native;

/// <summary>How a file is opened; see open(2). Some values differ between processors.</summary>
public static class OpenFlags
{
    /// <summary>For reading.</summary>
    public const int ReadOnly = 0;

    /// <summary>For writing.</summary>
    public const int WriteOnly = 1;

    /// <summary>For both.</summary>
    public const int ReadWrite = 2;

    /// <summary>The bits of the three above.</summary>
    public const int AccessMode = 3;

    /// <summary>Create the file if it does not exist.</summary>
    public const int Create = 0x40;

    /// <summary>With <see cref="Create"/>: fail if it exists.</summary>
    public const int Exclusive = 0x80;

    /// <summary>A terminal does not become the controlling one.</summary>
    public const int NoControllingTerminal = 0x100;

    /// <summary>Cut the file to nothing.</summary>
    public const int Truncate = 0x200;

    /// <summary>Every write goes to the end.</summary>
    public const int Append = 0x400;

    /// <summary>Do not wait.</summary>
    public const int NonBlocking = 0x800;

    /// <summary>Not inherited by child processes.</summary>
    public const int CloseOnExec = 0x80000;

    private static readonly bool IsArm64 = RuntimeInformation.ProcessArchitecture == Architecture.Arm64;

    /// <summary>Fail if it is no directory.</summary>
    public static int Directory { get; } = IsArm64 ? 0x4000 : 0x10000;

    /// <summary>Fail if the last part of the path is a symbolic link.</summary>
    public static int NoFollow { get; } = IsArm64 ? 0x8000 : 0x20000;

    /// <summary>Past the page cache.</summary>
    public static int Direct { get; } = IsArm64 ? 0x10000 : 0x4000;

    /// <summary>Only a place in the file system: nothing is opened, and nothing but the status can be asked.</summary>
    public const int PathOnly = 0x200000;

    /// <summary>A file without a name in the given directory.</summary>
    public static int Temporary { get; } = 0x400000 | Directory;
}
