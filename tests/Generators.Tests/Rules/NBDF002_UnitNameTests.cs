// NBDF002: a unit's name must fit the command line. Not: whether it is taken (NBDF003).

namespace NbdFast.Generators.Tests.Rules;

public sealed class NBDF002_UnitNameTests
{
    [Theory]
    [InlineData("")]
    [InlineData("-a")]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("a=b")]
    [InlineData("größe")]
    [InlineData("a_b")]
    public void A_name_that_does_not_fit_is_reported(string name) =>
        RuleCheck.Reports(
            "NBDF002", "P", $"'{name}' is no name for a unit",
            $"[NbdPlugin(\"{name}\", \"\")] public sealed partial class P : Plugin;");

    [Theory]
    [InlineData("memory")]
    [InlineData("blocksize-policy")]
    [InlineData("S3")]
    [InlineData("9p")]
    public void A_name_that_fits_is_accepted(string name) =>
        RuleCheck.Accepts($"[NbdPlugin(\"{name}\", \"\")] public sealed partial class P : Plugin;");
}
