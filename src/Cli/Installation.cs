// Where this program is installed, and the folders that go with that place. Not: installing (install.sh).

using System;
using System.IO;

namespace NbdFast.Cli;

/// <summary>
/// The folders of this copy of the program. In PREFIX/bin and PREFIX/sbin they follow from the prefix; any other place,
/// as the folder of a build, is taken for a prefix of its own. In the folders for plugins and filters
/// <c>install.sh</c> puts a link to the program for each unit that is built in, under the name that nbdkit's file has,
/// so that scripts find what they look for.
/// </summary>
internal static class Installation
{
    /// <summary>The program's own file.</summary>
    public static string Binary { get; } = Environment.ProcessPath ?? "";

    /// <summary>The folder of the program.</summary>
    public static string BinaryFolder { get; } = Path.GetDirectoryName(Binary) ?? "/";

    /// <summary>What <c>install.sh</c> was called with.</summary>
    public static string Prefix { get; } = Path.GetFileName(BinaryFolder) is "bin" or "sbin"
        ? Path.GetDirectoryName(BinaryFolder) ?? "/"
        : BinaryFolder;

    /// <summary>The folder of libraries.</summary>
    public static string LibraryFolder { get; } = Path.Combine(Prefix, "lib");

    /// <summary>The folder of manual pages.</summary>
    public static string ManualFolder { get; } = Path.Combine(Prefix, "share", "man");

    /// <summary>The folder of settings, which is the system's unless the program lives in a place of its own.</summary>
    public static string SettingsFolder { get; } = Prefix is "/" or "/usr" ? "/etc" : Path.Combine(Prefix, "etc");

    /// <summary>The folder with a file for each unit of a kind.</summary>
    /// <param name="kind">"plugin" or "filter".</param>
    public static string UnitFolder(string kind) => Path.Combine(LibraryFolder, "nbdfast", kind + "s");

    /// <summary>The file that stands for a unit: the link in the unit's folder, or the program where there is
    /// none.</summary>
    /// <param name="kind">"plugin" or "filter".</param>
    /// <param name="name">The unit's name.</param>
    public static string FileOf(string kind, string name)
    {
        string path = Path.Combine(UnitFolder(kind), $"nbdkit-{name}-{kind}.so");
        return File.Exists(path) ? path : Binary;
    }

    /// <summary>From the path of a unit's file in its folder to the unit's name.</summary>
    /// <param name="kind">"plugin" or "filter".</param>
    /// <param name="path">As the user wrote it.</param>
    /// <returns>The name, or the path as it is if it leads elsewhere.</returns>
    public static string NameOf(string kind, string path) =>
        Path.GetDirectoryName(path) == UnitFolder(kind) && NameInFile(kind, path) is { } name ? name : path;

    /// <summary>From "nbdkit-NAME-plugin.so" to NAME; null for files of other names.</summary>
    public static string? NameInFile(string kind, string path)
    {
        ReadOnlySpan<char> file = path.AsSpan(path.LastIndexOf('/') + 1);
        string tail = $"-{kind}.so";
        const string Head = "nbdkit-";
        return file.StartsWith(Head) && file.EndsWith(tail) && file.Length > Head.Length + tail.Length
            ? file[Head.Length..^tail.Length].ToString()
            : null;
    }
}
