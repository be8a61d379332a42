// What a server serves in a row. Not: how each server is told (CommandLine).

namespace NbdFast.Bench.EndToEnd.Servers;

/// <summary>The store behind an export.</summary>
internal enum Backend
{
    /// <summary>Zeros out of nothing.</summary>
    Null,

    /// <summary>A disk in memory with every page present.</summary>
    Memory,

    /// <summary>A file in the page cache, only read.</summary>
    File,

    /// <summary>A file in the page cache that is written.</summary>
    WrittenFile,

    /// <summary>A file that is not in the page cache, but comes to be there as it is read.</summary>
    ColdFile,

    /// <summary>Zeros out of nothing, with the server taking every request for one that may block.</summary>
    MayBlock,

    /// <summary>Zeros, 5 ms after each request came, with 64 threads.</summary>
    Sleep,

    /// <summary>The same, but nbdkit with the 16 threads that it has by default.</summary>
    SleepBesideDefault,

    /// <summary>Zeros of another server, the same for all, which the server starts and is a client of. Its time counts
    /// too.</summary>
    Remote,

    /// <summary>A file of a web server, the same for all, which is not a part of what is measured. It is larger than
    /// the other disks.</summary>
    Web,

    /// <summary>A file in the page cache of another host, which is this one by way of an SSH server that is the same
    /// for all and not a part of what is measured. It is only read.</summary>
    Ssh,

    /// <summary>The same, and it is written.</summary>
    WrittenSsh,

    /// <summary>A disk in the memory of a Python program that the server starts once. Those who start a program for
    /// each call do so; the disk is a file then.</summary>
    Coprocess,

    /// <summary>The same program, started for each call by all.</summary>
    PythonCalls,

    /// <summary>Zeros of a command of the shell's, started for each call, several at once.</summary>
    ShellCalls,

    /// <summary>The same, one after the other.</summary>
    ShellCallsInTurn,

    /// <summary>Zeros through four filters that change nothing.</summary>
    Filtered,
}
