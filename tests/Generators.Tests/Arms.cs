// Makes it visible which arm of a fused call was taken. Not: part of generated code.

using System;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace NbdFast.Generators.Tests;

/// <summary>Both arms of a fused call do the same by design, so that tests count them: each arm of a generated
/// conditional expression is wrapped into a call that counts it.</summary>
internal sealed class Arms : CSharpSyntaxRewriter
{
    /// <summary>The counters that the rewritten code calls.</summary>
    public const string Source =
        """
        namespace Counted
        {
            public static class Arm
            {
                public static int Direct;
                public static int Chain;
                public static T TookDirect<T>(T result) { Direct++; return result; }
                public static T TookChain<T>(T result) { Chain++; return result; }
            }
        }
        """;

    /// <summary>The compilation with every generated fused call counted.</summary>
    public static Compilation Counted(Compilation compilation)
    {
        foreach (SyntaxTree tree in compilation.SyntaxTrees)
        {
            if (tree.FilePath.EndsWith("FusedChainRegistry.g.cs", StringComparison.Ordinal))
            {
                SyntaxNode counted = new Arms().Visit(tree.GetRoot());
                return compilation.ReplaceSyntaxTree(
                    tree, CSharpSyntaxTree.ParseText(counted.ToFullString(), Compiled.ParseOptions, tree.FilePath));
            }
        }
        throw new InvalidOperationException("no chain was fused");
    }

    public override SyntaxNode VisitConditionalExpression(ConditionalExpressionSyntax node) =>
        node.WithWhenTrue(Wrap("TookDirect", node.WhenTrue)).WithWhenFalse(Wrap("TookChain", node.WhenFalse));

    private static ExpressionSyntax Wrap(string counter, ExpressionSyntax call) =>
        SyntaxFactory.ParseExpression($"global::Counted.Arm.{counter}({call})");
}
