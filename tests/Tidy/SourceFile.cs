// One file of the repository as text and, if it is C#, as syntax. Not: rules.

using System;
using System.IO;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using NbdFast.Testing;

namespace NbdFast.Tidy;

/// <summary>A file.</summary>
internal sealed class SourceFile
{
    private readonly Lazy<CompilationUnitSyntax> _syntax;

    private SourceFile(string path, string text)
    {
        Path = path;
        Text = text;
        Lines = text.Split('\n');
        if (Lines[^1].Length == 0)
            Lines = Lines[..^1];
        _syntax = new Lazy<CompilationUnitSyntax>(() => CSharpSyntaxTree.ParseText(Text).GetCompilationUnitRoot());
    }

    /// <summary>From the top of the repository, with slashes.</summary>
    public string Path { get; }

    /// <summary>All of it.</summary>
    public string Text { get; }

    /// <summary>Without their ends.</summary>
    public string[] Lines { get; }

    /// <summary>The C# in it.</summary>
    public CompilationUnitSyntax Syntax => _syntax.Value;

    /// <summary>The name without folders.</summary>
    public string Name => System.IO.Path.GetFileName(Path);

    /// <summary>The folder from the top.</summary>
    public string Folder => System.IO.Path.GetDirectoryName(Path)!;

    /// <summary>Reads a file.</summary>
    public static SourceFile Load(string path) =>
        new(System.IO.Path.GetRelativePath(RepositoryRoot.Path, path), File.ReadAllText(path));

    /// <summary>It lies somewhere in the folder.</summary>
    public bool IsBelow(string folder) => Path.StartsWith(folder + "/", StringComparison.Ordinal);

    /// <summary>A place in it, for messages.</summary>
    public string At(SyntaxNode node) => $"{Path}:{node.GetLocation().GetLineSpan().StartLinePosition.Line + 1}";

    public override string ToString() => Path;
}
