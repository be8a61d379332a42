// Programs that run to their end. Not: servers (RunningServer).

using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using NbdFast.Bench.EndToEnd.Load;

namespace NbdFast.Bench.EndToEnd.Servers;

/// <summary>Runs programs.</summary>
internal static class Tool
{
    private const int PatienceMs = 120_000;

    /// <summary>Finds a program as the shell does, also where only root looks.</summary>
    public static string? Find(string program) =>
        ((Environment.GetEnvironmentVariable("PATH") ?? "") + ":/usr/sbin:/sbin").Split(':')
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists);

    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="LoadException">It does not end within two minutes.</exception>
    public static ToolResult Run(string program, IEnumerable<string> arguments)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Stopwatch time = Stopwatch.StartNew();
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(PatienceMs))
        {
            process.Kill(entireProcessTree: true);
            throw new LoadException($"{program} did not end");
        }

        double seconds = time.Elapsed.TotalSeconds;
        return new ToolResult(process.ExitCode, output.Result, errors.Result, seconds);
    }

    /// <summary>Runs a program that must succeed.</summary>
    /// <exception cref="LoadException">It did not; with the last line that it wrote.</exception>
    public static ToolResult Succeed(string program, IEnumerable<string> arguments)
    {
        ToolResult result = Run(program, arguments);
        if (result.ExitCode == 0)
            return result;
        string last = (result.Errors + result.Output).TrimEnd().Split('\n')[^1];
        throw new LoadException($"{Path.GetFileName(program)} ended with {result.ExitCode}: {last}");
    }
}
