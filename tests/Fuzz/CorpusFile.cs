// Reads the seeds of a target. Not: changing them (Mutator).

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using NbdFast.Testing;

namespace NbdFast.Fuzz;

/// <summary>Seeds are texts below Corpus: bytes in hexadecimal, 'text' in quotes, and comments behind '#'.</summary>
internal static class CorpusFile
{
    /// <summary>All seeds of a target.</summary>
    public static IReadOnlyList<byte[]> ReadAll(string target)
    {
        string folder = Path.Combine(RepositoryRoot.Path, "tests", "Fuzz", "Corpus", target);
        byte[][] seeds = [.. Directory.EnumerateFiles(folder, "*.hex").Order(StringComparer.Ordinal).Select(Read)];
        Assert.NotEmpty(seeds);
        return seeds;
    }

    private static byte[] Read(string path)
    {
        Message message = new();
        foreach (string line in File.ReadLines(path))
            foreach (string word in line.Split('#')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries))
                _ = word[0] == '\'' ? message.Text(word.Trim('\'')) : message.Raw(Convert.FromHexString(word));
        return message.Bytes.ToArray();
    }
}
