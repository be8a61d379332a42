// NBDF001: a unit is a sealed partial class. Not: which name it has (NBDF002).

namespace NbdFast.Generators.Tests.Rules;

public sealed class NBDF001_UnitClassTests
{
    [Theory]
    [InlineData("public partial class P : Plugin;", "must be sealed")]
    [InlineData("public sealed class P : Plugin;", "must be partial")]
    [InlineData("public sealed partial class P : Filter;", "must derive from NbdFast.Plugin")]
    [InlineData("public sealed partial class P;", "must derive from NbdFast.Plugin")]
    [InlineData("public sealed partial class P<T> : Plugin;", "must not be generic")]
    [InlineData("public sealed partial class P(int x) : Plugin { public int X => x; }", "constructor without")]
    [InlineData("public sealed partial class P : Plugin { private P() { } }", "constructor without parameters")]
    public void A_plugin_class_of_the_wrong_shape_is_reported(string source, string message) =>
        RuleCheck.Reports("NBDF001", "P", message, "[NbdPlugin(\"p\", \"\")] " + source);

    [Fact]
    public void A_nested_plugin_is_reported() =>
        RuleCheck.Reports(
            "NBDF001", "P", "must not be nested",
            "public partial class Outer { [NbdPlugin(\"p\", \"\")] public sealed partial class P : Plugin; }");

    [Fact]
    public void A_filter_that_derives_from_Plugin_is_reported() =>
        RuleCheck.Reports(
            "NBDF001", "F", "must derive from NbdFast.Filter",
            "[NbdFilter(\"f\", \"\")] public sealed partial class F : Plugin;");

    [Theory]
    [InlineData("[NbdPlugin(\"p\", \"\")] public sealed partial class P : Plugin;")]
    [InlineData("[NbdPlugin(\"p\", \"\")] internal sealed partial class P : Plugin { internal P() { } }")]
    [InlineData("public abstract class B : Plugin; [NbdPlugin(\"p\", \"\")] public sealed partial class P : B;")]
    [InlineData("[NbdPlugin(\"p\", \"\")] public sealed partial class P : Plugin; public sealed partial class P;")]
    public void A_sealed_partial_class_is_accepted(string source) => RuleCheck.Accepts(source);
}
