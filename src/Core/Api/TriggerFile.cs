// A file that switches something on while it exists. Not: a file whose content matters.

using System.Text;
using NbdFast.Native;

namespace NbdFast;

/// <summary>
/// A file whose mere existence says that something is switched on, as for <c>readonly-file</c>, <c>delay-trigger</c>
/// and <c>cow-on-read=/PATH</c>. It is looked for each time, so that it may come and go while the server runs.
/// </summary>
public sealed class TriggerFile
{
    private readonly byte[] _path;

    /// <summary>Watches a path, which should be absolute: the server may change its directory.</summary>
    public TriggerFile(string path)
    {
        Path = path;
        _path = Encoding.UTF8.GetBytes(path + "\0");
    }

    /// <summary>The path.</summary>
    public string Path { get; }

    /// <summary>The file exists now. One system call, no allocation.</summary>
    public bool Exists => Libc.Exists(_path);
}
