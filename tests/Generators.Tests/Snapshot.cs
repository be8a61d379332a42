// Compares text with a file in Snapshots. Not: the making of the text.

using System;
using System.IO;
using NbdFast.Testing;

namespace NbdFast.Generators.Tests;

/// <summary>
/// The expected text of generated files, to be read by people. When a change of it is wanted, one command writes all of
/// them anew: <c>NBDFAST_UPDATE_SNAPSHOTS=1 dotnet test tests/Generators.Tests</c>.
/// </summary>
internal static class Snapshot
{
    private const string UpdateVariable = "NBDFAST_UPDATE_SNAPSHOTS";

    public static void Check(string name, string text)
    {
        string path = Path.Combine(RepositoryRoot.Path, "tests", "Generators.Tests", "Snapshots", name);
        if (Environment.GetEnvironmentVariable(UpdateVariable) == "1")
            File.WriteAllText(path, text);
        Assert.True(File.Exists(path), $"{path} is missing: set {UpdateVariable}=1 to write it");
        Assert.Equal(File.ReadAllText(path), text);
    }
}
