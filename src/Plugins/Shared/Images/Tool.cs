// Runs a program of the system that makes an image. Not: scripts of users, which answer requests (ScriptRun).

using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.Linq;
using System.Text;
using NbdFast.Native;

namespace NbdFast.Plugins.Shared.Images;

/// <summary>Programs and their runs.</summary>
internal static class Tool
{
    // Where programs are that only the administrator is thought to need, which are not on everybody's path.
    private const string AdministratorsPath = ":/usr/local/sbin:/usr/sbin:/sbin";

    private const int ChunkBytes = 4096;
    private const int MostMessageBytes = 64 << 10;

    /// <summary>Looks for a program as a shell does, and where the administrator's are.</summary>
    public static bool TryFind(string name, [NotNullWhen(true)] out string? path)
    {
        path = (Environment.GetEnvironmentVariable("PATH") + AdministratorsPath)
            .Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);
        return path != null;
    }

    /// <summary>Looks for a program that must be there.</summary>
    /// <param name="name">The program.</param>
    /// <param name="package">Where it usually comes from.</param>
    /// <exception cref="ConfigException">It is not there.</exception>
    public static string Find(string name, string package) => TryFind(name, out string? path)
        ? path
        : throw new ConfigException($"{name}: not found; it is usually in the package {package}");

    /// <summary>Runs a program to its end.</summary>
    /// <param name="arguments">Its path and its arguments.</param>
    /// <param name="variable">An environment variable for it, as "name=value".</param>
    /// <param name="input">Its standard input, or -1 for none.</param>
    /// <param name="output">Its standard output, or -1 for where its messages go.</param>
    /// <param name="messages">What it said on standard error.</param>
    /// <returns>The exit code, or the negated number of the signal that killed it.</returns>
    /// <exception cref="ConfigException">It could not be run.</exception>
    public static int Run(
        IReadOnlyList<string> arguments, string variable, int input, int output, out string messages)
    {
        Errno error = Libc.Pipe(out int listening, out int speaking);
        if (error != Errno.Ok)
            throw new ConfigException($"pipe: {error.Text()}");
        int process = Libc.SpawnOnPipes(
            [.. arguments.Select(Encoding.UTF8.GetBytes)], Encoding.UTF8.GetBytes(variable), input,
            output < 0 ? speaking : output, speaking);
        Libc.Close(speaking);   // Its own end must be the last one, or the end would never be seen.
        messages = process < 0 ? "" : ReadAll(listening);
        Libc.Close(listening);
        if (process < 0)
            throw new ConfigException($"{arguments[0]}: {((Errno)(-process)).Text()}");
        error = Libc.WaitForChild(process, out int status);
        return error == Errno.Ok ? status : throw new ConfigException($"waitpid: {error.Text()}");
    }

    /// <summary>What to say of a run that failed.</summary>
    /// <param name="name">The program's name.</param>
    /// <param name="status">How it ended, as <see cref="Run"/> says.</param>
    public static ConfigException Failure(string name, int status) => new(status >= 0
        ? $"{name}: command failed with exit code {status}"
        : $"{name}: command was killed by signal {-status}");

    /// <summary>Puts what a program has said before the user, as it would have done itself.</summary>
    public static void Repeat(string messages)
    {
        if (messages.Length > 0)
            Console.Error.WriteLine(messages.TrimEnd());
    }

    /// <summary>Quotes a word for a shell.</summary>
    public static string Quoted(string word) => $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    // To the end, even if there is more than is worth keeping: the program must not wait for its reader.
    private static string ReadAll(int descriptor)
    {
        MemoryStream kept = new();
        byte[] chunk = new byte[ChunkBytes];
        for (nint count = 1; count > 0 || count == -(nint)Errno.EINTR;)
        {
            count = Libc.Read(descriptor, chunk);
            if (count > 0 && kept.Length < MostMessageBytes)
                kept.Write(chunk, 0, (int)count);
        }

        return Encoding.UTF8.GetString(kept.ToArray());
    }
}
