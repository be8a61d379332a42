// A program that takes part. Not: one that runs (RunningServer).

using System;
using System.IO;
using System.Linq;

namespace NbdFast.Bench.EndToEnd.Servers;

/// <summary>A server program.</summary>
/// <param name="Name">What the tables call it.</param>
/// <param name="Kind">Whose command line it has.</param>
/// <param name="Path">Its file.</param>
/// <param name="Version">The first line of its version.</param>
internal sealed record Peer(string Name, ServerKind Kind, string Path, string Version)
{
    /// <summary>The name of the one that all others are compared with.</summary>
    public const string Baseline = "nbdkit";

    private static readonly (string Prefix, ServerKind Kind)[] Kinds =
    [
        ("nbdfast", ServerKind.NbdFast),
        ("nbdkit", ServerKind.Nbdkit),
        ("qemu-nbd", ServerKind.QemuNbd),
        ("nbd-server", ServerKind.NbdServer),
    ];

    /// <summary>Looks at a program.</summary>
    /// <param name="name">A name for it.</param>
    /// <param name="place">Its path, or <c>KIND:PATH</c> if its version does not tell what it is.</param>
    /// <exception cref="FormatException">It is not there, or of no known kind.</exception>
    public static Peer Describe(string name, string place)
    {
        foreach ((string prefix, ServerKind kind) in Kinds)
        {
            if (!place.StartsWith(prefix + ":", StringComparison.Ordinal))
                continue;
            string path = Existing(place[(prefix.Length + 1)..]);
            return new Peer(name, kind, path, VersionOf(path));
        }

        string version = VersionOf(Existing(place));
        foreach ((string prefix, ServerKind kind) in Kinds)
            if (version.Contains(prefix, StringComparison.Ordinal))
                return new Peer(name, kind, place, version);
        throw new FormatException($"what is {place}? say {name}=KIND:PATH with nbdfast, nbdkit, qemu-nbd, nbd-server");
    }

    /// <summary>Looks for an installed program.</summary>
    /// <returns>Null if it is not there.</returns>
    public static Peer? Find(string program)
    {
        string? path = Tool.Find(program);
        return path == null ? null : Describe(program, path);
    }

    private static string Existing(string path) =>
        File.Exists(path) ? path : throw new FormatException($"{path} is not there");

    // nbd-server writes its version to standard error on any option that it does not know.
    private static string VersionOf(string path)
    {
        ToolResult result = Tool.Run(path, ["--version"]);
        string text = result.Output.Length > 0 ? result.Output : result.Errors;
        return text.Split('\n').FirstOrDefault(line => line.Any(char.IsDigit), "")
            .Replace("This is ", "", StringComparison.Ordinal)
            .Replace(" version ", " ", StringComparison.Ordinal)
            .Trim();
    }
}
