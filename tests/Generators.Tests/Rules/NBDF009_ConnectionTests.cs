// NBDF009: a filter's connection has the shape that generated code expects.

namespace NbdFast.Generators.Tests.Rules;

public sealed class NBDF009_ConnectionTests
{
    private const string Constraint = "where TNext : struct, INext";

    [Fact]
    public void A_filter_without_a_connection_is_reported() =>
        RuleCheck.Reports("NBDF009", "F", "'F' needs a nested class Connection<TNext>", Filter(""));

    [Fact]
    public void A_connection_without_type_parameter_is_none() =>
        RuleCheck.Reports("NBDF009", "F", "needs a nested class", Filter("public sealed class Connection(F f) { public F F => f; }"));

    [Theory]
    [InlineData("public sealed class Connection<TNext>(F f) : Link { public F F => f; }", "must derive from FilterConnection")]
    [InlineData("public class Connection<TNext>(F f) : FilterConnection<TNext> " + Constraint + " { public F F => f; }", "must be sealed")]
    [InlineData("public sealed class Connection<TNext> : FilterConnection<TNext> " + Constraint + ";", "whose only parameter is F")]
    [InlineData("public sealed class Connection<TNext>(F f, int x) : FilterConnection<TNext> " + Constraint + " { public F F => f; public int X => x; }", "whose only parameter is F")]
    [InlineData("public sealed class Connection<TNext> : FilterConnection<TNext> " + Constraint + " { private Connection(F f) { } }", "whose only parameter is F")]
    public void A_connection_of_the_wrong_shape_is_reported(string connection, string message) =>
        RuleCheck.Reports("NBDF009", "Connection", message, Filter(connection));

    [Theory]
    [InlineData("public sealed class Connection<TNext>(F f) : FilterConnection<TNext> " + Constraint + " { public F F => f; }")]
    [InlineData("internal sealed class Connection<TNext>(F f) : Shared<TNext> " + Constraint + " { public F F => f; }")]
    public void A_connection_that_takes_its_filter_is_accepted(string connection) => RuleCheck.Accepts(Filter(connection));

    private static string Filter(string members) =>
        $$"""
        [NbdFilter("f", "")] public sealed partial class F : Filter { {{members}} }
        public abstract class Shared<TNext> : FilterConnection<TNext> {{Constraint}};
        """;
}
