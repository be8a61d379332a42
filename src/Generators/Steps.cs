// The names of the pipeline's steps, by which tests ask whether they ran again. Not: anything at run time.

namespace NbdFast.Generators;

internal static class Steps
{
    public const string RootNamespace = "RootNamespace";
    public const string Parse = "Parse";
    public const string Units = "Units";
    public const string Registry = "Registry";
    public const string Conflicts = "Conflicts";
    public const string ParseChains = "ParseChains";
    public const string FusedChains = "FusedChains";
}
