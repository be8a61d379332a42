// NBDF004: a parameter's key is valid, and unique in its unit. Not: its type (NBDF006).

namespace NbdFast.Generators.Tests.Rules;

public sealed class NBDF004_ParameterKeyTests
{
    private const string Unit = "[NbdPlugin(\"p\", \"\")] public sealed partial class P : ";

    [Fact]
    public void A_key_that_is_taken_is_reported() =>
        RuleCheck.Reports(
            "NBDF004", "B", "Parameter 'a' is already taken by property 'A'",
            Unit + """
            Plugin
            {
                [NbdParameter("a")] public int A { get; private set; }
                [NbdParameter("a")] public int B { get; private set; }
            }
            """);

    [Fact]
    public void A_key_that_a_base_class_has_taken_is_reported() =>
        RuleCheck.Reports(
            "NBDF004", "B", "already taken by property 'A'",
            Unit + """
            Base
            {
                [NbdParameter("a")] public int B { get; private set; }
            }

            public abstract class Base : Plugin
            {
                [NbdParameter("a")] public int A { get; private protected set; }
            }
            """);

    [Theory]
    [InlineData("")]
    [InlineData("1a")]
    [InlineData("-a")]
    [InlineData("a=b")]
    [InlineData("a b")]
    public void A_text_that_is_no_key_is_reported(string key) =>
        RuleCheck.Reports(
            "NBDF004", "A", "is no key",
            Unit + $"Plugin {{ [NbdParameter(\"{key}\")] public int A {{ get; private set; }} }}");

    [Theory]
    [InlineData("a")]
    [InlineData("tls-verify.peer_2")]
    public void A_key_is_accepted(string key) =>
        RuleCheck.Accepts(Unit + $"Plugin {{ [NbdParameter(\"{key}\")] public int A {{ get; private set; }} }}");
}
