// A file of parameters, one per line ("@PATH" in nbdkit(1)). Not: what a parameter means (Parameters); no options or
// plugin names are read from files.

using System;
using System.IO;
using System.Text;
using NbdFast.Native;

namespace NbdFast.Cli;

/// <summary>Reads files of parameters.</summary>
internal static class ParameterFile
{
    // Deeper than anybody nests on purpose; a file that names itself ends here.
    private const int MaximumDepth = 16;

    private const int ChunkBytes = 16 * 1024;

    /// <summary>Whether an argument names a file of parameters: '@' and a path with a slash in it.</summary>
    public static bool IsReference(string argument) =>
        argument.Length > 1 && argument[0] == '@' && argument.Contains('/', StringComparison.Ordinal);

    /// <summary>Reads a file and the files that it names in turn.</summary>
    /// <param name="reference">As it stands on the command line, with the '@'.</param>
    /// <param name="add">Takes each parameter, in order.</param>
    /// <exception cref="ConfigException">A file cannot be read, or files name each other without end.</exception>
    public static void Read(string reference, Action<string> add) => Read(reference[1..], add, 1);

    private static void Read(string path, Action<string> add, int depth)
    {
        if (depth > MaximumDepth)
            throw new ConfigException($"{path}: more than {MaximumDepth} files of parameters within each other");
        ReadOnlySpan<char> text = Text(path);
        foreach (Range range in text.Split('\n'))
        {
            ReadOnlySpan<char> line = text[range];
            if (line.IsWhiteSpace() || line[0] == '#')
                continue;
            string argument = line.ToString();
            if (IsReference(argument))
                Read(Path.Combine(Folder(path), argument[1..]), add, depth + 1);
            else
                add(argument);
        }
    }

    // A path in a file starts from the file's own folder; an absolute one stays as it is.
    private static string Folder(string path) => Path.GetDirectoryName(path) ?? "/";

    private static string Text(string path)
    {
        int descriptor = Libc.OpenExisting(path, forWriting: false);
        if (descriptor < 0)
            throw Failed(path, descriptor);
        using var bytes = new MemoryStream();
        byte[] chunk = new byte[ChunkBytes];
        nint count;
        while ((count = Libc.Read(descriptor, chunk)) > 0)
            bytes.Write(chunk, 0, (int)count);
        Libc.Close(descriptor);
        if (count < 0)
            throw Failed(path, count);
        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }

    private static ConfigException Failed(string path, nint errno) => new($"{path}: {((Errno)(-errno)).Text()}");
}
