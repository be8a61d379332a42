// NBDF005: a unit has one magic parameter at most. Not: other parameters.

namespace NbdFast.Generators.Tests.Rules;

public sealed class NBDF005_TwoMagicParametersTests
{
    [Fact]
    public void A_second_magic_parameter_is_reported() =>
        RuleCheck.Reports(
            "NBDF005", "B", "Parameter 'b' is magic, but 'a' already is",
            """
            [NbdPlugin("p", "")] public sealed partial class P : Plugin
            {
                [NbdParameter("a", Magic = true)] public int A { get; private set; }
                [NbdParameter("b", Magic = true)] public int B { get; private set; }
            }
            """);

    [Fact]
    public void One_magic_parameter_is_accepted() =>
        RuleCheck.Accepts(
            """
            [NbdPlugin("p", "")] public sealed partial class P : Plugin
            {
                [NbdParameter("a", Magic = false)] public int A { get; private set; }
                [NbdParameter("b", Magic = true)] public int B { get; private set; }
            }
            """);
}
