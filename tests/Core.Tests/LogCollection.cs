// Tests that look at messages run alone. Not: tests.

namespace NbdFast.Core.Tests;

/// <summary>Names the collection.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class LogCollection
{
    public const string Name = "Log";
}
