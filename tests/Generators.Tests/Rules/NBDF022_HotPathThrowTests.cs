// NBDF022: a hot path does not throw. Not: allocating (NBDF021).

using System.Threading.Tasks;
using NbdFast.Generators.Rules;

namespace NbdFast.Generators.Tests.Rules;

public sealed class NBDF022_HotPathThrowTests
{
    [Theory]
    [InlineData("throw new InvalidOperationException($\"{n}\");", "throw new InvalidOperationException($\"{n}\");")]
    [InlineData("_ = n > 0 ? n : throw new InvalidOperationException();", "throw new InvalidOperationException()")]
    [InlineData("try { n++; } catch (Exception) { throw; }", "throw;")]
    public Task A_throw_is_reported_once(string statement, string place) =>
        RuleCheck.Reports(
            new HotPathAnalyzer(), "NBDF022", place, "returns an Errno instead of throwing", Hot(statement));

    [Theory]
    [InlineData("Fail();")]
    [InlineData("ArgumentNullException.ThrowIfNull(this);")]
    [InlineData("try { n++; } catch (Exception) { n--; }")]
    public Task Handing_over_to_a_cold_method_is_accepted(string statement) =>
        RuleCheck.Accepts(new HotPathAnalyzer(), Hot(statement));

    [Fact]
    public Task Code_without_the_attribute_may_throw() =>
        RuleCheck.Accepts(
            new HotPathAnalyzer(), "public static class X { public static void Y() => throw new Exception(); }");

    private static string Hot(string statement) =>
        $$"""
        public sealed class X
        {
            [HotPath] public void Y(int n) { {{statement}} }

            [DoesNotReturn] private static void Fail() => throw new InvalidOperationException();
        }
        """;
}
