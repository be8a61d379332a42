// The program nbdfast: the command line with the units that are built in. Not: anything else (Cli/NbdFastHost).

using NbdFast.Cli;

return NbdFastHost.Run(args);
