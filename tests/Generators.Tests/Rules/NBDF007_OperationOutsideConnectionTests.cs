// NBDF007: a filter's operations belong into its Connection<TNext>. Not: the connection's shape (NBDF009).

namespace NbdFast.Generators.Tests.Rules;

public sealed class NBDF007_OperationOutsideConnectionTests
{
    [Theory]
    [InlineData("public Errno Read(Span<byte> buffer, ulong offset) => Errno.Ok;", "Read")]
    [InlineData("public Errno Flush() => Errno.Ok;", "Flush")]
    [InlineData("public ValueTask<Errno> ReadAsync(Memory<byte> buffer, ulong offset) => new(Errno.Ok);", "ReadAsync")]
    public void An_operation_in_the_filter_is_reported(string method, string name) =>
        RuleCheck.Reports("NBDF007", name, $"'F.{name}' looks like an operation", Filter(method));

    [Theory]
    [InlineData("public int Read(string path) => path.Length;")]
    [InlineData("private static Errno Cache(int handle) => handle == 0 ? Errno.Ok : Errno.EIO;")]
    [InlineData("public Errno Opened() => Errno.Ok;")]
    public void A_method_that_is_no_operation_is_accepted(string method) => RuleCheck.Accepts(Filter(method));

    private static string Filter(string member) =>
        $$"""
        [NbdFilter("f", "")] public sealed partial class F : Filter
        {
            {{member}}

            public sealed class Connection<TNext>(F f) : FilterConnection<TNext> where TNext : struct, INext
            {
                public F F => f;
                public override Errno Read(Span<byte> buffer, ulong offset) => Next.Read(buffer, offset);
            }
        }
        """;
}
