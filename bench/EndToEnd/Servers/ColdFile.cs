// Takes a file out of the page cache. Not: keeping it out, which is the load's business (OffsetSequence).

using System.IO;
using Microsoft.Win32.SafeHandles;
using NbdFast.Bench.EndToEnd.Load;
using NbdFast.Bench.EndToEnd.Native;
using NbdFast.Native;

namespace NbdFast.Bench.EndToEnd.Servers;

/// <summary>A file whose next reads come from the disk.</summary>
internal static class ColdFile
{
    private const double Tolerated = 0.01;   // Of the pages: a server that looks at the file may do so meanwhile.

    /// <summary>Drops the pages of a file.</summary>
    /// <param name="path">One that is written to its disk (fsync), of the caller's own.</param>
    /// <exception cref="LoadException">More than a hundredth of them stayed.</exception>
    public static void Drop(string path)
    {
        using SafeFileHandle file = File.OpenHandle(path);
        int descriptor = (int)file.DangerousGetHandle();
        long bytes = RandomAccess.GetLength(file);
        Errno error = Libc.Advise(descriptor, 0, 0, FileAdvice.DontNeed);
        long present = 0;
        if (error == Errno.Ok)
            error = PageCache.CountPresent(descriptor, bytes, out present);
        if (error != Errno.Ok)
            throw new LoadException($"{path} cannot be dropped from the page cache: {error.Text()}");
        long all = PageCache.PagesOf(bytes);
        if (present > all * Tolerated)
            throw new LoadException(
                $"{present} of {all} pages of {path} stay in the page cache: is its file system one in memory?");
    }
}
