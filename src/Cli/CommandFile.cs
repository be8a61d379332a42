// A script with this program as its interpreter: "#!/usr/bin/env nbdfast". Not: scripts of a plugin,
// "#!/usr/sbin/nbdkit PLUGIN", which the kernel makes an ordinary command line of; files of parameters (ParameterFile).

using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using NbdFast.Native;

namespace NbdFast.Cli;

/// <summary>Reads a command line from a file: an argument on each line, options and the plugin among them.</summary>
internal static class CommandFile
{
    private const int MaximumBytes = 1 << 20;

    /// <summary>Reads the file, if it is such a script: it begins with <c>#!</c>. Empty lines and lines that begin with
    /// <c>#</c> do not count, spaces at a line's ends neither.</summary>
    /// <param name="path">What stands in the place of the plugin's name. With a slash: a name is never a
    /// script.</param>
    /// <param name="arguments">The arguments.</param>
    /// <returns>Whether it is a script.</returns>
    public static bool TryRead(string path, out IReadOnlyList<string> arguments)
    {
        arguments = [];
        if (!path.Contains('/', StringComparison.Ordinal) || !TryReadBytes(path, out byte[] bytes)
            || !bytes.AsSpan().StartsWith("#!"u8))
            return false;
        List<string> lines = [];
        foreach (string line in Encoding.UTF8.GetString(bytes).Split('\n'))
            if (line.Trim() is { Length: > 0 } argument && argument[0] != '#')
                lines.Add(argument);
        arguments = lines;
        return true;
    }

    // What cannot be read is no script; the plugin of that name will not be found, and the user is told of it then.
    private static bool TryReadBytes(string path, out byte[] bytes)
    {
        bytes = [];
        int descriptor = Libc.OpenExisting(path, forWriting: false);
        if (descriptor < 0)
            return false;
        using var all = new MemoryStream();
        byte[] chunk = new byte[4096];
        nint count;
        while ((count = Libc.Read(descriptor, chunk)) > 0 && all.Length < MaximumBytes)
        {
            all.Write(chunk, 0, (int)count);
            if (all.Length < 2 || all.GetBuffer()[0] != '#')
                break;   // No script, perhaps something large.
        }

        Libc.Close(descriptor);
        bytes = all.ToArray();
        return count >= 0;
    }
}
