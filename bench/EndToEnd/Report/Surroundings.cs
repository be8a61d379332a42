// The machine and the command that figures come from, without which they mean nothing. Not: the figures.

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using NbdFast.Bench.EndToEnd.Servers;

namespace NbdFast.Bench.EndToEnd.Report;

/// <summary>Where and how a run was made.</summary>
/// <param name="Command">The command line.</param>
/// <param name="Started">When.</param>
/// <param name="Processor">The model of the CPU.</param>
/// <param name="Cores">CPUs that this process may use.</param>
/// <param name="Kernel">The kernel's version.</param>
/// <param name="MemoryMiB">The machine's memory.</param>
/// <param name="FileSystem">Where the files of the file rows were.</param>
/// <param name="Rounds">How often each cell was to be measured.</param>
/// <param name="Seconds">The length of a window.</param>
internal sealed record Surroundings(
    string Command, DateTime Started, string Processor, int Cores, string Kernel, long MemoryMiB, string FileSystem,
    int Rounds, double Seconds)
{
    /// <summary>The heading.</summary>
    public string Title => $"End to end, {Started:yyyy-MM-dd HH:mm}, {Processor}, {Cores} cores";

    /// <summary>The processor's model as the name of a folder.</summary>
    public string ProcessorFolder
    {
        get
        {
            IEnumerable<char> letters = Processor.ToLowerInvariant()
                .Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-');
            string[] words = string.Concat(letters).Split('-', StringSplitOptions.RemoveEmptyEntries);
            return string.Join('-', words);
        }
    }

    /// <summary>Looks at the machine.</summary>
    public static Surroundings Of(BenchOptions options, string command, string folder) => new(
        command,
        DateTime.UtcNow,
        FieldOf("/proc/cpuinfo", "model name"),
        Environment.ProcessorCount,
        File.ReadAllText("/proc/sys/kernel/osrelease").Trim(),
        long.Parse(FieldOf("/proc/meminfo", "MemTotal").Replace(" kB", "", StringComparison.Ordinal)) >> 10,
        FileSystemOf(folder),
        options.Rounds,
        options.Seconds);

    /// <summary>A list for the page.</summary>
    public string ToMarkdown(IReadOnlyList<Peer> peers)
    {
        StringBuilder text = new();
        text.Append($"- command: `{Command}`\n");
        text.Append($"- machine: {Processor}, {Cores} cores, {MemoryMiB} MiB, Linux {Kernel}; files on {FileSystem}\n");
        text.Append($"- {Rounds} rounds, windows of {FigureText.Of(Seconds)} s, started {Started:u}\n");
        foreach (Peer peer in peers)
            text.Append($"- {peer.Name}: {peer.Version} ({peer.Kind.ToString().ToLowerInvariant()})\n");
        return text.ToString();
    }

    // The type of the mount with the longest path above the folder.
    private static string FileSystemOf(string folder) =>
        File.ReadLines("/proc/self/mounts")
            .Select(line => line.Split(' '))
            .Where(fields => (folder + "/").StartsWith(fields[1].TrimEnd('/') + "/", StringComparison.Ordinal))
            .OrderByDescending(fields => fields[1].Length)
            .Select(fields => fields[2])
            .FirstOrDefault("an unknown file system");

    private static string FieldOf(string file, string name) =>
        File.ReadLines(file).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal), ": unknown")
            .Split(':', 2)[1].Trim();
}
