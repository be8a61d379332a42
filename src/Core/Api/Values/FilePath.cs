// The name of a file that holds after the server has changed its directory. Not: one that must exist (RealPath).

using System.IO;

namespace NbdFast.Values;

/// <summary>An absolute path. A relative one is taken to start in the directory that is current when it is parsed,
/// before the server changes to <c>/</c> (nbdkit_absolute_path(3)). Nothing is resolved, nothing need exist.</summary>
public readonly record struct FilePath : IValue<FilePath>
{
    private readonly string? _path;

    private FilePath(string path) => _path = path;

    /// <summary>The path; empty for a parameter that was not given.</summary>
    public static implicit operator string(FilePath path) => path.ToString();

    /// <summary>Makes the path absolute.</summary>
    /// <exception cref="ConfigException">It is empty, or relative to a directory that is gone.</exception>
    public static FilePath Parse(string value)
    {
        if (value.Length == 0)
            throw new ConfigException("cannot resolve a null or empty path");
        return new FilePath(value[0] == '/' ? value : Path.Combine(CurrentDirectory(), value));
    }

    // The directory may have been removed under whoever is in it.
    private static string CurrentDirectory()
    {
        try
        {
            return Directory.GetCurrentDirectory();
        }
        catch (IOException e)
        {
            throw new ConfigException($"current directory: {Errno.ENOENT.Text()}", e);
        }
    }

    /// <summary>The path.</summary>
    public override string ToString() => _path ?? "";
}
