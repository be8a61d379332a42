// Tells xunit that there is one sample program. Not: the program (SampleProgram).

namespace NbdFast.Interop;

/// <summary>The classes of tests that share one <see cref="SampleProgram"/>.</summary>
[CollectionDefinition(SampleProgram.Collection)]
public sealed class SampleCollection : ICollectionFixture<SampleProgram>;
