// NBDF008: Trim and Zero need Write. Not: what capabilities a client is shown (Core.Tests).

namespace NbdFast.Generators.Tests.Rules;

public sealed class NBDF008_TrimWithoutWriteTests
{
    private const string Write =
        "public override Errno Write(ReadOnlySpan<byte> data, ulong offset, RequestFlags flags) => Errno.Ok;";

    private const string WriteAsync =
        "public override ValueTask<Errno> WriteAsync(ReadOnlyMemory<byte> data, ulong offset, RequestFlags flags) => " +
        "new(Errno.Ok);";

    [Theory]
    [InlineData("Trim")]
    [InlineData("Zero")]
    public void A_change_of_a_disk_that_cannot_be_written_is_reported(string operation) =>
        RuleCheck.Reports("NBDF008", "P", $"'P' overrides {operation} but not Write", Plugin(Override(operation)));

    [Fact]
    public void It_is_reported_where_the_connection_is() =>
        RuleCheck.Reports(
            "NBDF008", "Connection", "'Connection' overrides Trim but not Write",
            Plugin($$"""
            public override Connection Open(OpenRequest request) => new();
            public sealed class Connection : Link { {{Override("Trim")}} }
            """));

    [Theory]
    [InlineData(Write)]
    [InlineData(WriteAsync)]
    public void With_Write_in_either_twin_they_are_accepted(string write) =>
        RuleCheck.Accepts(Plugin(write + Override("Trim") + Override("Zero")));

    [Fact]
    public void A_filter_may_look_at_trims_alone() =>
        RuleCheck.Accepts(
            $$"""
            [NbdFilter("f", "")] public sealed partial class F : Filter
            {
                public sealed class Connection<TNext>(F f) : FilterConnection<TNext> where TNext : struct, INext
                {
                    public F F => f;
                    {{Override("Trim")}}
                }
            }
            """);

    private static string Override(string operation) =>
        $"public override Errno {operation}(ulong count, ulong offset, RequestFlags flags) => Errno.Ok;";

    private static string Plugin(string members) =>
        $$"""[NbdPlugin("p", "")] public sealed partial class P : Plugin { {{members}} }""";
}
