// The true name of a file that exists. Not: names of files to come (FilePath).

using NbdFast.Native;

namespace NbdFast.Values;

/// <summary>An absolute path without symbolic links and dots, of a file that existed when it was parsed
/// (nbdkit_realpath(3)).</summary>
public readonly record struct RealPath : IValue<RealPath>
{
    private readonly string? _path;

    private RealPath(string path) => _path = path;

    /// <summary>The path; empty for a parameter that was not given.</summary>
    public static implicit operator string(RealPath path) => path.ToString();

    /// <summary>Resolves the path.</summary>
    /// <exception cref="ConfigException">It is empty, does not exist or cannot be reached.</exception>
    public static RealPath Parse(string value)
    {
        if (value.Length == 0)
            throw new ConfigException("cannot resolve a null or empty path");
        Errno error = Libc.RealPath(value, out string resolved);
        return error == Errno.Ok
            ? new RealPath(resolved)
            : throw new ConfigException($"realpath: {value}: {error.Text()}");
    }

    /// <summary>The path.</summary>
    public override string ToString() => _path ?? "";
}
