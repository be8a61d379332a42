// Where the program under test is. Not: starting it (ServerProcess, ShellCommand).

using System;
using System.IO;

namespace NbdFast.Testing;

/// <summary>The native binary that the tests of the whole program run.</summary>
public static class NativeBinary
{
    /// <summary>The variable that names another binary: an installed one, or nbdkit to prove a test right.</summary>
    public const string Variable = "NBDFAST_BINARY";

    /// <summary>Its absolute path.</summary>
    /// <exception cref="InvalidOperationException">It is not built.</exception>
    public static string Path { get; } = Find();

    /// <summary>nbdkit stands in for nbdfast. For tests of what nbdfast does better on purpose.</summary>
    public static bool IsNbdkit => System.IO.Path.GetFileName(Path) == "nbdkit";

    private static string Find()
    {
        string path = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } chosen
            ? System.IO.Path.GetFullPath(chosen)
            : System.IO.Path.Combine(RepositoryRoot.Path, "bin", "nbdfast");
        return File.Exists(path)
            ? path
            : throw new InvalidOperationException($"{path} is not there: run build/native.sh, or set {Variable}");
    }
}
