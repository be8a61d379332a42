// Compares every row of the tables with the system's headers. Not: the behaviour of the calls.

using System;
using System.Collections.Generic;
using System.Linq;

namespace NbdFast.NativeAbi;

public sealed class NativeAbiTests
{
    private static readonly Lazy<IReadOnlyList<long>?> Values = new(() => CProgram.Evaluate(NativeTables.All));

    public static IEnumerable<object[]> Indexes =>
        NativeTables.All.Select((row, index) => new object[] { index, row.Expression });

    [SkippableTheory]
    [MemberData(nameof(Indexes))]
    public void A_constant_is_what_the_headers_say(int index, string expression)
    {
        Skip.If(Values.Value == null, "there is no C compiler (cc)");
        Assert.Equal($"{expression} = {Values.Value[index]}", $"{expression} = {NativeTables.All[index].Value}");
    }

    [Fact]
    public void No_expression_is_listed_twice() =>
        Assert.Equal(NativeTables.All.Count, NativeTables.All.DistinctBy(row => row.Expression).Count());
}
