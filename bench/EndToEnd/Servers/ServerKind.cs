// The servers whose command lines are known. Not: the command lines (CommandLine).

namespace NbdFast.Bench.EndToEnd.Servers;

/// <summary>A program's family.</summary>
internal enum ServerKind
{
    NbdFast,
    Nbdkit,
    QemuNbd,
    NbdServer,
}
