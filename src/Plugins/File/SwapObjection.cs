// Whether the file that is served can take the machine's swap. Not: serving it (FileConnection).

using NbdFast.Native;
using NbdFast.Plugins.Shared.Files;
using NbdFast.Storage;

namespace NbdFast.Plugins.Files;

/// <summary>What speaks against a file or block device as swap space.</summary>
internal static class SwapObjection
{
    /// <summary>What it is, or null.</summary>
    public static string? To(IFileSource source)
    {
        if (source.HasNames)
            return "which file of the directory it will be is not known: serve one with file=";
        if (source.Open("", readOnly: false, out OpenFile? file) is var errno and not Errno.Ok)
            return $"it cannot be opened: {errno.Text()}";
        using (file)
            return To(file!);
    }

    private static string? To(OpenFile file)
    {
        if (!file.CanWrite)
            return "it can only be read";
        // The file system of a block device is that of its name, tmpfs as a rule: it does not count.
        if (file.IsBlockDevice)
            return null;
        if (SwapSuitability.ObjectionTo(file.Descriptor) is { } objection)
            return objection;
        return Libc.NextHole(file.Descriptor, 0) is >= 0 and var hole && (ulong)hole < file.Size
            ? $"it has a hole at {hole}, and to fill that takes memory: write the file in full first"
            : null;
    }
}
