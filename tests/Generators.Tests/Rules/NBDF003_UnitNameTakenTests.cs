// NBDF003: a unit's name is unique among units of its kind. Not: its spelling (NBDF002).

namespace NbdFast.Generators.Tests.Rules;

public sealed class NBDF003_UnitNameTakenTests
{
    private const string Filter =
        """
        public sealed partial class F : Filter
        {
            public sealed class Connection<TNext>(F f) : FilterConnection<TNext> where TNext : struct, INext
            {
                public F F => f;
            }
        }
        """;

    [Fact]
    public void A_second_plugin_of_the_same_name_is_reported() =>
        RuleCheck.Reports(
            "NBDF003", "[NbdPlugin(\"same\", \"\")] public sealed partial class Second : Plugin;",
            "The name 'same' is already taken by 'First'",
            """
            [NbdPlugin("same", "")] public sealed partial class Second : Plugin;
            [NbdPlugin("same", "")] public sealed partial class First : Plugin;
            """);

    [Fact]
    public void A_plugin_and_a_filter_may_share_a_name() =>
        RuleCheck.Accepts(
            "[NbdPlugin(\"same\", \"\")] public sealed partial class P : Plugin;\n" +
            "[NbdFilter(\"same\", \"\")] " + Filter);

    [Fact]
    public void Names_that_differ_in_case_are_two() =>
        RuleCheck.Accepts(
            """
            [NbdPlugin("s3", "")] public sealed partial class Small : Plugin;
            [NbdPlugin("S3", "")] public sealed partial class Large : Plugin;
            """);
}
