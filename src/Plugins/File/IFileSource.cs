// Where the plugin's files come from: one of file=, fd=, dir= and dirfd=. Not: what is done with an open file.

using NbdFast.Plugins.Shared.Files;

namespace NbdFast.Plugins.Files;

/// <summary>Opens the file that a client gets.</summary>
internal interface IFileSource
{
    /// <summary>Clients choose a file by the export's name.</summary>
    bool HasNames { get; }

    /// <summary>The process is in its final shape: makes sure that there is something to serve.</summary>
    /// <exception cref="ConfigException">There is not.</exception>
    void Check();

    /// <summary>Opens the file for a client. Errors have been told.</summary>
    /// <param name="exportName">The export's name.</param>
    /// <param name="readOnly">Open it for reading only.</param>
    /// <param name="file">The open file, which the caller disposes of.</param>
    Errno Open(string exportName, bool readOnly, out OpenFile? file);

    /// <summary>Lists what can be opened.</summary>
    Errno List(ExportList exports);

    /// <summary>The last call.</summary>
    void Close();
}
