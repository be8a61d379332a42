// Who may use the chain behind a harness directly. Not: code.

using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("NbdFast.Core.Tests")]
[assembly: InternalsVisibleTo("NbdFast.Plugins.Tests")]
[assembly: InternalsVisibleTo("NbdFast.Filters.Tests")]
[assembly: InternalsVisibleTo("NbdFast.Property")]
[assembly: InternalsVisibleTo("NbdFast.Allocations")]
[assembly: InternalsVisibleTo("NbdFast.Fuzz")]
[assembly: InternalsVisibleTo("NbdFast.Bench.Micro")]
[assembly: InternalsVisibleTo("NbdFast.Bench.Loop")]
