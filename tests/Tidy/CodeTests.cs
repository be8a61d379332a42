// The shape of the code: names, lengths, fences. Not: its text (FileTests), its rooms (RoomTests).

using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace NbdFast.Tidy;

public sealed class CodeTests
{
    private const int LongestMethod = 60;

    private static readonly string[] EmptyNames = ["Helper", "Helpers", "Manager", "Util", "Utils", "Common", "Misc"];

    [Fact]
    public void No_method_is_longer_than_a_screen()
    {
        Tidy.Assert(
            $"methods of more than {LongestMethod} lines",
            from file in SourceTree.Code
            from node in file.Syntax.DescendantNodes()
            where node is BaseMethodDeclarationSyntax or AccessorDeclarationSyntax or LocalFunctionStatementSyntax
            let lines = LineCount(node)
            where lines > LongestMethod
            select $"{file.At(node)}: {lines} lines");
    }

    [Fact]
    public void A_file_is_named_as_its_type()
    {
        Tidy.Assert(
            "files whose name is no type in them",
            from file in SourceTree.Code
            let types = file.Syntax.DescendantNodes().Where(IsType).Select(TypeName).ToHashSet(StringComparer.Ordinal)
            where !types.Contains(file.Name.Split('.', '{')[0]) && !IsFamily(file)
            select $"{file}: {string.Join(", ", types)}");
    }

    [Fact]
    public void No_name_says_nothing()
    {
        Tidy.Assert(
            "types and folders with names that say nothing",
            (from file in SourceTree.Code
             from node in file.Syntax.DescendantNodes()
             where IsType(node) && EmptyNames.Any(name => TypeName(node).EndsWith(name, StringComparison.Ordinal))
             select file.At(node))
            .Concat(SourceTree.Code.Select(file => file.Folder).Distinct()
                .Where(folder => EmptyNames.Any(name => folder.EndsWith(name, StringComparison.Ordinal)))));
    }

    [Fact]
    public void Native_code_is_called_in_folders_named_native_only()
    {
        Tidy.Assert(
            "uses of unsafe or extern outside of Native",
            from file in SourceTree.Code
            where !file.Path.Contains("/Native/", StringComparison.Ordinal) && !file.IsBelow("tests/NativeAbi")
            from token in file.Syntax.DescendantTokens()
            where token.IsKind(SyntaxKind.UnsafeKeyword) || token.IsKind(SyntaxKind.ExternKeyword)
            select file.At(token.Parent!));
    }

    [Fact]
    public void No_error_is_swallowed_silently()
    {
        Tidy.Assert(
            "empty catches without a word of why",
            from file in SourceTree.Code
            from node in file.Syntax.DescendantNodes().OfType<CatchClauseSyntax>()
            where node.Block.Statements.Count == 0 && !node.Block.DescendantTrivia().Any(IsComment)
            select file.At(node));
    }

    [Fact]
    public void Classes_are_sealed_or_made_to_be_derived_from()
    {
        SyntaxKind[] closed = [SyntaxKind.SealedKeyword, SyntaxKind.StaticKeyword, SyntaxKind.AbstractKeyword];
        HashSet<string> bases = [.. SourceTree.Code
            .SelectMany(file => file.Syntax.DescendantNodes().OfType<BaseTypeSyntax>())
            .Select(node => node.Type.ToString().Split('<')[0])];
        Tidy.Assert(
            "classes that are open although nothing derives from them",
            from file in SourceTree.Product
            from node in file.Syntax.DescendantNodes().OfType<ClassDeclarationSyntax>()
            where !node.Modifiers.Any(modifier => closed.Contains(modifier.Kind()))
            where !node.Modifiers.Any(SyntaxKind.PartialKeyword) && !bases.Contains(node.Identifier.Text)
            select $"{file.At(node)}: {node.Identifier.Text}");
    }

    [Fact]
    public void No_test_is_switched_off_or_cannot_fail()
    {
        Tidy.Assert(
            "tests with Skip = or Assert.True(true)",
            from file in SourceTree.Code
            where file.IsBelow("tests")
            from node in file.Syntax.DescendantNodes()
            where IsSwitchedOff(node) || IsEmptyAssertion(node)
            select file.At(node));
    }

    [Fact]
    public void The_name_of_a_test_is_a_sentence()
    {
        string[] kinds = ["Fact", "Theory", "SkippableFact", "SkippableTheory"];
        Tidy.Assert(
            "tests whose name is no sentence",
            from file in SourceTree.Code
            where file.IsBelow("tests")
            from method in file.Syntax.DescendantNodes().OfType<MethodDeclarationSyntax>()
            where method.AttributeLists.SelectMany(list => list.Attributes).Any(a => kinds.Contains(a.Name.ToString()))
            where method.Identifier.Text.Count(letter => letter == '_') < 2
            select $"{file.At(method)}: {method.Identifier.Text}");
    }

    private static int LineCount(SyntaxNode node)
    {
        FileLinePositionSpan span = node.GetLocation().GetLineSpan();
        return span.EndLinePosition.Line - span.StartLinePosition.Line + 1;
    }

    private static bool IsType(SyntaxNode node) => node is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax;

    // Enums and constants that belong together may share a file with the family's name.
    private static bool IsFamily(SourceFile file) =>
        file.Syntax.DescendantNodes().OfType<BaseTypeDeclarationSyntax>()
            .All(type => type is EnumDeclarationSyntax || type.Modifiers.Any(SyntaxKind.StaticKeyword));

    private static string TypeName(SyntaxNode node) => node switch
    {
        BaseTypeDeclarationSyntax type => type.Identifier.Text,
        DelegateDeclarationSyntax type => type.Identifier.Text,
        _ => "",
    };

    private static bool IsComment(SyntaxTrivia trivia) => trivia.IsKind(SyntaxKind.SingleLineCommentTrivia);

    private static bool IsSwitchedOff(SyntaxNode node) =>
        node is AttributeArgumentSyntax { NameEquals.Name.Identifier.Text: "Skip" };

    private static bool IsEmptyAssertion(SyntaxNode node) =>
        node is InvocationExpressionSyntax call
        && call.Expression.ToString() is "Assert.True" or "Assert.False"
        && call.ArgumentList.Arguments[0].Expression is LiteralExpressionSyntax;
}
