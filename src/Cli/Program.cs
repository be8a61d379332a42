// Where the process begins. Not: the meaning of options (CommandLine).

namespace NbdFast.Cli;

internal static class Program
{
    private static int Main() => 1;
}
