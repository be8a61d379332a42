// Asks the system's C compiler for the values of constant expressions. Not: what they should be.

using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text;

namespace NbdFast.NativeAbi;

/// <summary>A C program that prints the value of each expression on a line of its own.</summary>
internal static class CProgram
{
    private const int TimeoutMs = 60_000;

    /// <summary>Compiles and runs the program.</summary>
    /// <returns>The values in the order of the rows, or null if there is no C compiler.</returns>
    /// <exception cref="InvalidOperationException">The headers do not know an expression; the compiler's words are the
    /// message.</exception>
    public static IReadOnlyList<long>? Evaluate(IReadOnlyList<NativeConstant> rows)
    {
        string folder = Directory.CreateTempSubdirectory("nbdfast-abi-").FullName;
        try
        {
            string source = Path.Combine(folder, "constants.c");
            string program = Path.Combine(folder, "constants");
            File.WriteAllText(source, Source(rows));
            if (Run("cc", ["-Wall", "-o", program, source]) == null)
                return null;
            return [.. Run(program, [])!.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(long.Parse)];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Source(IReadOnlyList<NativeConstant> rows)
    {
        StringBuilder text = new("#define _GNU_SOURCE\n#include <stdio.h>\n#include <stddef.h>\n");
        foreach (string header in rows.Select(row => row.Header).Distinct())
            text.Append($"#include <{header}>\n");
        text.Append("int main(void)\n{\n");
        foreach (NativeConstant row in rows)
            text.Append($"    printf(\"%lld\\n\", (long long)({row.Expression}));\n");
        return text.Append("    return 0;\n}\n").ToString();
    }

    // The output of a command that succeeded, or null if there is no such command.
    private static string? Run(string command, string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(command, arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            string output = process.StandardOutput.ReadToEnd();
            string errors = process.StandardError.ReadToEnd();
            if (!process.WaitForExit(TimeoutMs))
                process.Kill();
            return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{command}: {errors}");
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
