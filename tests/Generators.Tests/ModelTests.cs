// The models are compared by value: what incremental steps stand on. Not: the steps (IncrementalTests).

using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;
using NbdFast.Generators.Model;
using NbdFast.Generators.Rules;

namespace NbdFast.Generators.Tests;

public sealed class ModelTests
{
    [Fact]
    public void Arrays_with_equal_items_are_equal()
    {
        var one = EquatableArray<string>.From(["a", "b"]);
        var same = EquatableArray<string>.From(["a", "b"]);
        Assert.Equal(one, same);
        Assert.Equal(one.GetHashCode(), same.GetHashCode());
        Assert.NotEqual(one, EquatableArray<string>.From(["b", "a"]));
        Assert.NotEqual(one, EquatableArray<string>.From(["a"]));
    }

    [Fact]
    public void The_default_array_is_the_empty_one()
    {
        Assert.Equal(default, EquatableArray<string>.From([]));
        Assert.Equal(default(EquatableArray<string>).GetHashCode(), EquatableArray<string>.From([]).GetHashCode());
        Assert.Equal(0, default(EquatableArray<string>).Count);
    }

    [Fact]
    public void Models_with_equal_lists_are_equal()
    {
        ParsedChains Chains(string name) => new(
            EquatableArray<FusedChainModel>.From([new(EquatableArray<FusedLayerModel>.From(
                [new(name, "U", "C", EquatableArray<string>.From(["Read"]))]))]),
            default);
        Assert.Equal(Chains("a"), Chains("a"));
        Assert.NotEqual(Chains("a"), Chains("b"));
    }

    [Fact]
    public void A_place_outlives_its_tree_and_points_to_the_same_text()
    {
        SyntaxTree tree = CSharpSyntaxTree.ParseText("class A\n{\n}\n", path: "A.cs");
        LocationInfo place = LocationInfo.Of(tree.GetRoot().DescendantNodes().First().GetLocation())!;
        Assert.Equal(place, new LocationInfo("A.cs", new TextSpan(0, 11), new(new(0, 0), new(2, 1))));
        Assert.Equal(tree.FilePath, place.ToLocation().GetLineSpan().Path);
        Assert.Equal(2, place.ToLocation().GetLineSpan().EndLinePosition.Line);
        Assert.Null(LocationInfo.Of(Location.None));
    }

    [Fact]
    public void A_diagnostic_keeps_its_rule_and_arguments()
    {
        DiagnosticInfo info = DiagnosticInfo.Of(Descriptors.UnitNameTaken, null, "a", "B");
        Assert.Equal(info, DiagnosticInfo.Of(Descriptors.UnitNameTaken, null, "a", "B"));
        Assert.Equal("The name 'a' is already taken by 'B'", info.ToDiagnostic().GetMessage());
    }
}
