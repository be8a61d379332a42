// Finds the checkout that the tests run from. Not: the binary under test (ServerProcess).

using System;
using System.IO;

namespace NbdFast.Testing;

/// <summary>The folder that holds NbdFast.sln.</summary>
public static class RepositoryRoot
{
    /// <summary>Its absolute path.</summary>
    public static string Path { get; } = Find();

    private static string Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder != null; folder = folder.Parent)
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "NbdFast.sln")))
                return folder.FullName;
        throw new InvalidOperationException("the tests do not run from a checkout: no NbdFast.sln above them");
    }
}
