// NBDF009: a filter's connection has the shape that generated code expects. Not: its operations (NBDF007).

namespace NbdFast.Generators.Tests.Rules;

public sealed class NBDF009_ConnectionTests
{
    private const string Constraint = "where TNext : struct, INext";

    [Fact]
    public void A_filter_without_a_connection_is_reported() =>
        RuleCheck.Reports("NBDF009", "F", "'F' needs a nested class Connection<TNext>", Filter(""));

    [Fact]
    public void A_connection_without_type_parameter_is_none() =>
        RuleCheck.Reports(
            "NBDF009", "F", "needs a nested class",
            Filter("public sealed class Connection(F f) { public F F => f; }"));

    [Fact]
    public void A_connection_that_is_no_filter_connection_is_reported() =>
        RuleCheck.Reports(
            "NBDF009", "Connection", "must derive from FilterConnection",
            Filter("public sealed class Connection<TNext>(F f) : Link { public F F => f; }"));

    [Theory]
    [InlineData("class Connection<TNext>(F f)", "public F F => f;", "must be sealed")]
    [InlineData("sealed class Connection<TNext>", "", "whose only parameter is F")]
    [InlineData("sealed class Connection<TNext>", "private Connection(F f) { }", "whose only parameter is F")]
    [InlineData("sealed class Connection<TNext>(F f, int x)", "public (F, int) X => (f, x);", "only parameter")]
    public void A_connection_of_the_wrong_shape_is_reported(string head, string members, string message) =>
        RuleCheck.Reports(
            "NBDF009", "Connection", message,
            Filter($"public {head} : FilterConnection<TNext> {Constraint} {{ {members} }}"));

    [Theory]
    [InlineData("public sealed class Connection<TNext>(F f) : FilterConnection<TNext>")]
    [InlineData("internal sealed class Connection<TNext>(F f) : Shared<TNext>")]
    public void A_connection_that_takes_its_filter_is_accepted(string head) =>
        RuleCheck.Accepts(Filter($"{head} {Constraint} {{ public F F => f; }}"));

    private static string Filter(string members) =>
        $$"""
        [NbdFilter("f", "")] public sealed partial class F : Filter { {{members}} }
        public abstract class Shared<TNext> : FilterConnection<TNext> {{Constraint}};
        """;
}
