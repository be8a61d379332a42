// NBDF021: a hot path does not allocate. Not: throwing (NBDF022).

using System.Threading.Tasks;
using NbdFast.Generators.Rules;

namespace NbdFast.Generators.Tests.Rules;

public sealed class NBDF021_HotPathAllocationTests
{
    [Theory]
    [InlineData("var x = new object();", "new object()", "'new Object'")]
    [InlineData("object x = new();", "new()", "'new Object'")]
    [InlineData("var x = new { A = 1 };", "new { A = 1 }", "An anonymous object")]
    [InlineData("var x = new byte[n];", "new byte[n]", "A new array")]
    [InlineData("int[] x = [n, 2];", "[n, 2]", "A collection expression")]
    [InlineData("List<int> x = [n];", "[n]", "A collection expression")]
    [InlineData("object x = n;", "n", "Boxing")]
    [InlineData("IComparable x = n;", "n", "Boxing")]
    [InlineData("string x = $\"{n}\";", "$\"{n}\"", "An interpolated string")]
    [InlineData("string x = s + s;", "s + s", "A concatenation of strings")]
    [InlineData("s += s;", "s += s", "A concatenation of strings")]
    [InlineData("Func<int> x = () => n;", "() => n", "A closure")]
    [InlineData("Func<string> x = () => _field;", "() => _field", "A closure")]
    [InlineData("Func<string> x = Instance;", "Instance", "A delegate")]
    [InlineData("Func<int> x = Local; int Local() => n;", "Local", "A closure")]
    [InlineData("Params(1, 2);", "Params(1, 2)", "An array of 'params'")]
    [InlineData("bool x = array.Any();", "array.Any()", "LINQ")]
    [InlineData("foreach (int x in many) { }", "foreach (int x in many) { }", "The enumerator of 'foreach'")]
    [InlineData("ReadOnlySpan<int> x = new[] { n };", "new[] { n }", "A new array")]
    [InlineData("var x = record with { A = n };", "record with { A = n }", "'with' on a class")]
    public Task An_allocation_is_reported(string statement, string place, string message) =>
        RuleCheck.Reports(
            new HotPathAnalyzer(), "NBDF021", place, message + " allocates on a hot path", Hot(statement));

    [Theory]
    [InlineData("var x = new Loan();")]
    [InlineData("var x = new ValueTask<Errno>(Errno.Ok);")]
    [InlineData("Span<byte> x = stackalloc byte[16];")]
    [InlineData("ReadOnlySpan<byte> x = [1, 2, 3];")]
    [InlineData("ReadOnlySpan<byte> x = new byte[] { 1, 2, 3 };")]
    [InlineData("int[] x = [];")]
    [InlineData("Span<int> x = [n, n];")]
    [InlineData("const string x = \"a\" + \"b\";")]
    [InlineData("const string x = $\"a{\"b\"}\";")]
    [InlineData("Func<int> x = () => 3;")]
    [InlineData("Func<int, int> x = y => y + 1;")]
    [InlineData("Func<string> x = Static;")]
    [InlineData("Params();")]
    [InlineData("foreach (int x in array) { }")]
    [InlineData("foreach (char x in s) { }")]
    [InlineData("foreach (int x in list) { }")]
    [InlineData("bool x = flags.HasFlag(RequestFlags.Fua);")]
    [InlineData("Log.Debug($\"{n}\");")]
    [InlineData("Errno x = Log.Error(Errno.EIO, $\"{n} {new object()}\");")]
    [InlineData("Fail($\"{n}\");")]
    [InlineData("list ??= new List<int>();")]
    [InlineData("System.Diagnostics.Debug.Assert(n > 0, $\"{n}\");")]
    public Task What_stays_off_the_heap_or_is_cold_is_accepted(string statement) =>
        RuleCheck.Accepts(new HotPathAnalyzer(), Hot(statement));

    [Fact]
    public Task Code_without_the_attribute_may_allocate() =>
        RuleCheck.Accepts(new HotPathAnalyzer(), "public static class X { public static object Y() => new(); }");

    [Theory]
    [InlineData("public static class X { [HotPath] public static object Y => new(); }")]
    [InlineData("[HotPath] public static class X { public static object Y() => new(); }")]
    [InlineData("[HotPath] public struct X { public static object Y { get { return new(); } } }")]
    [InlineData("public sealed class X { public object Y { get; } [HotPath] public X() { Y = new(); } }")]
    public Task Properties_constructors_and_whole_types_are_looked_at(string source) =>
        RuleCheck.Reports(new HotPathAnalyzer(), "NBDF021", "new()", "'new Object'", source);

    [Fact]
    public Task An_async_method_is_reported() =>
        RuleCheck.Reports(
            new HotPathAnalyzer(), "NBDF021", "Y", "An async method",
            "public static class X { [HotPath] public static async Task Y() => await Task.Yield(); }");

    [Fact]
    public Task An_iterator_is_reported() =>
        RuleCheck.Reports(
            new HotPathAnalyzer(), "NBDF021", "yield return 1;", "An iterator",
            "public static class X { [HotPath] public static IEnumerable<int> Y() { yield return 1; } }");

    private static string Hot(string statement) =>
        $$"""
        public sealed record Pair(int A);

        public sealed class X
        {
            private readonly string _field = "";

            [HotPath]
            public void Y(
                int n, string s, int[] array, IEnumerable<int> many, List<int> list, RequestFlags flags, Pair record)
            {
                {{statement}}
            }

            private static string Static() => "";
            private string Instance() => _field;
            private static void Params(params int[] values) => Consume(values);
            private static void Consume(Array values) { }
            [DoesNotReturn] private static void Fail(string message) => throw new InvalidOperationException(message);
        }
        """;
}
