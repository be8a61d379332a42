// Tests that measure the whole process and so must run alone. Not: slow tests.

namespace NbdFast.Core.Tests.Storage;

/// <summary>Nothing else runs while a test of this collection does.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    /// <summary>The name to put into a Collection attribute.</summary>
    public const string Name = "Alone";
}
