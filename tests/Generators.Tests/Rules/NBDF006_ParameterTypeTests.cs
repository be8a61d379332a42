// NBDF006: a parameter's type can be parsed and its property can be set. Not: what the parsers accept (Core.Tests).

namespace NbdFast.Generators.Tests.Rules;

public sealed class NBDF006_ParameterTypeTests
{
    [Theory]
    [InlineData("double", "double does not tell users")]
    [InlineData("char", "char does not tell users")]
    [InlineData("System.Guid", "System.Guid does not tell users")]
    [InlineData("int[]", "int[] does not tell users")]
    [InlineData("Dictionary<string, int>", "does not tell users")]
    [InlineData("Mute", "has no 'static Mute Parse(string)'")]
    [InlineData("Hidden", "has no 'static Hidden Parse(string)'")]
    [InlineData("List<Mute>", "has no 'static Mute Parse(string)'")]
    public void A_type_without_a_parser_is_reported(string type, string message) =>
        RuleCheck.Reports("NBDF006", "A", message, Unit($"{type} A {{ get; private set; }}"));

    [Theory]
    [InlineData("int A => 3;")]
    [InlineData("int A { get; }")]
    [InlineData("int A { get; init; }")]
    public void A_property_that_cannot_be_set_is_reported(string property) =>
        RuleCheck.Reports("NBDF006", "A", "property 'A' has no setter", Unit(property));

    [Theory]
    [InlineData("string")]
    [InlineData("string?")]
    [InlineData("bool")]
    [InlineData("bool?")]
    [InlineData("sbyte")]
    [InlineData("byte")]
    [InlineData("short")]
    [InlineData("ushort")]
    [InlineData("int")]
    [InlineData("uint?")]
    [InlineData("long")]
    [InlineData("ulong")]
    [InlineData("DiskSize")]
    [InlineData("DiskSize?")]
    [InlineData("Delay")]
    [InlineData("Probability")]
    [InlineData("Password?")]
    [InlineData("FilePath?")]
    [InlineData("Telling")]
    [InlineData("Words")]
    [InlineData("Words?")]
    [InlineData("List<Words>")]
    [InlineData("List<DiskSize>?")]
    [InlineData("List<FilePath>")]
    public void A_type_with_a_parser_is_accepted(string type) =>
        RuleCheck.Accepts(Unit($"{type} A {{ get; private set; }} = default!;"));

    [Fact]
    public void A_list_needs_no_setter() => RuleCheck.Accepts(Unit("List<int> A { get; } = [];"));

    private static string Unit(string property) =>
        $$"""
        [NbdPlugin("p", "")] public sealed partial class P : Plugin
        {
            [NbdParameter("a")] public {{property}}
        }

        public enum Words { One, TwoWords }
        public readonly struct Mute { public static int Parse(string text) => text.Length; }
        public sealed class Hidden { private static Hidden Parse(string text) => new(); }
        public sealed class Telling { public static Telling Parse(string text) => new(); }
        """;
}
