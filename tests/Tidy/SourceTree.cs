// The files of the repository. Not: what they must be like (the tests).

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using NbdFast.Testing;

namespace NbdFast.Tidy;

/// <summary>All files that people wrote, by their paths from the top.</summary>
internal static class SourceTree
{
    private static readonly string[] NotOurs = ["artifacts", "bin", "obj", ".git", ".vs", ".idea", "TestResults"];

    /// <summary>Every file.</summary>
    public static IReadOnlyList<SourceFile> All { get; } =
        [.. Walk(RepositoryRoot.Path).Select(SourceFile.Load).OrderBy(file => file.Path, StringComparer.Ordinal)];

    /// <summary>C# that people wrote: not what the generator's tests feed it and get from it.</summary>
    public static IReadOnlyList<SourceFile> Code { get; } =
        [.. All.Where(file => file.Path.EndsWith(".cs", StringComparison.Ordinal) && !IsTestData(file.Path))];

    /// <summary>The product's C#.</summary>
    public static IReadOnlyList<SourceFile> Product { get; } = [.. Code.Where(file => file.IsBelow("src"))];

    private static bool IsTestData(string path) =>
        path.Contains("/Snapshots/", StringComparison.Ordinal) || path.Contains("/Samples/", StringComparison.Ordinal);

    private static IEnumerable<string> Walk(string folder)
    {
        foreach (string file in Directory.EnumerateFiles(folder))
            yield return file;
        foreach (string child in Directory.EnumerateDirectories(folder))
        {
            if (NotOurs.Contains(Path.GetFileName(child)))
                continue;
            foreach (string file in Walk(child))
                yield return file;
        }
    }
}
