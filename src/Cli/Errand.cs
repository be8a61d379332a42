// What a run of the program is for. Not: how it is done.

namespace NbdFast.Cli;

/// <summary>What the command line asks for; of several, the one that stands first here.</summary>
internal enum Errand
{
    /// <summary><c>--dump-config</c>.</summary>
    DumpConfig,

    /// <summary><c>--long-options</c>.</summary>
    LongOptions,

    /// <summary><c>--short-options</c>.</summary>
    ShortOptions,

    /// <summary><c>--help</c>.</summary>
    Help,

    /// <summary><c>--version</c>.</summary>
    Version,

    /// <summary><c>--dump-plugin</c>.</summary>
    DumpPlugin,

    /// <summary>To serve a disk.</summary>
    Serve,
}
