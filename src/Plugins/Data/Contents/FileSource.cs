// "<FILE" where the file has no size: a device, a pipe. Not: regular files (FilePart).

using System;

namespace NbdFast.Plugins.Data.Contents;

/// <summary>Reads a file to its end, or as far as it is needed.</summary>
/// <param name="file">The file.</param>
/// <param name="shelf">Keeps what was read.</param>
/// <param name="fail">Makes an error that tells where in the expression the file stands.</param>
internal sealed class FileSource(DataFile file, Shelf shelf, Func<string, ConfigException> fail)
    : Source(shelf, fail)
{
    private protected override string Name => file.Path;

    /// <inheritdoc/>
    public override void Dispose() => file.Dispose();

    private protected override int Open() => file.Descriptor;
}
