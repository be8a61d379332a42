// The names of the author's API as the generator finds them in a compilation: it has no reference to Core. Not: names
// that appear in generated code only (Emit).

namespace NbdFast.Generators;

internal static class KnownNames
{
    public const string PluginAttribute = "NbdFast.NbdPluginAttribute";
    public const string FilterAttribute = "NbdFast.NbdFilterAttribute";
    public const string ParameterAttribute = "NbdFast.NbdParameterAttribute";
    public const string FusedChainAttribute = "NbdFast.NbdFusedChainAttribute";
    public const string HotPathAttribute = "NbdFast.HotPathAttribute";

    public const string Plugin = "NbdFast.Plugin";
    public const string Filter = "NbdFast.Filter";
    public const string Link = "NbdFast.Link";
    public const string Next = "NbdFast.INext";
    public const string ExportInfo = "NbdFast.ExportInfo";
    public const string Password = "NbdFast.Values.Password";
    public const string Log = "NbdFast.Log";

    /// <summary>The unbound generic type, as <c>ToDisplayString</c> shows its definition.</summary>
    public const string FilterConnection = "NbdFast.FilterConnection<TNext>";

    /// <summary>The nested class of a filter that carries its operations.</summary>
    public const string ConnectionClass = "Connection";

    public const string DefaultThreadModel = "Parallel";
    public const string DefaultPluginLatency = "MayBlock";
    public const string DefaultFilterLatency = "Inherited";
}
