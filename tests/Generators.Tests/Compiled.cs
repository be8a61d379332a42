// Compiles sources against the author's API and runs the generator over them. Not: assertions.

using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace NbdFast.Generators.Tests;

/// <summary>A compilation after the generator ran.</summary>
internal sealed class Compiled
{
    public const string AssemblyName = "Sample";

    public static readonly CSharpParseOptions ParseOptions = new(LanguageVersion.CSharp14, DocumentationMode.None);

    private static readonly ImmutableArray<MetadataReference> References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal) ||
                Path.GetFileName(path) is "netstandard.dll" or "NbdFast.dll")
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    private Compiled(Compilation output, GeneratorDriverRunResult result)
    {
        Output = output;
        Result = result;
    }

    /// <summary>The compilation with the generated files.</summary>
    public Compilation Output { get; }

    public GeneratorDriverRunResult Result { get; }

    /// <summary>What the generator reported.</summary>
    public ImmutableArray<Diagnostic> Reported => Result.Diagnostics;

    /// <summary>The generated files by name.</summary>
    public IReadOnlyDictionary<string, string> Files =>
        Result.Results.Single().GeneratedSources.ToDictionary(
            file => file.HintName, file => file.SourceText.ToString());

    /// <summary>The text of a file in <c>Samples</c>.</summary>
    public static string Sample(string name) =>
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Samples", name));

    public static CSharpCompilation Compilation(params string[] sources) =>
        Compilation([], sources);

    public static CSharpCompilation Compilation(MetadataReference[] more, params string[] sources) =>
        CSharpCompilation.Create(
            AssemblyName,
            sources.Select((source, i) => CSharpSyntaxTree.ParseText(source, ParseOptions, $"Source{i}.cs")),
            [.. References, .. more],
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));

    public static CSharpGeneratorDriver Driver() =>
        CSharpGeneratorDriver.Create(
            [new UnitGenerator().AsSourceGenerator()],
            parseOptions: ParseOptions,
            driverOptions: new(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));

    /// <summary>Runs the generator over sources that may be faulty.</summary>
    public static Compiled From(params string[] sources) => From(Compilation(sources));

    public static Compiled From(CSharpCompilation compilation)
    {
        GeneratorDriver driver = Driver().RunGeneratorsAndUpdateCompilation(compilation, out Compilation output, out _);
        return new Compiled(output, driver.GetRunResult());
    }

    /// <summary>Runs the generator over sources in which nothing is wrong, before or after.</summary>
    public static Compiled FromSound(params string[] sources)
    {
        Compiled compiled = From(sources);
        Assert.Empty(compiled.Reported);
        Assert.Empty(compiled.Output.GetDiagnostics().Where(found => found.Severity >= DiagnosticSeverity.Warning));
        return compiled;
    }

    /// <summary>The assembly's bytes.</summary>
    public static byte[] Emit(Compilation compilation)
    {
        using var bytes = new MemoryStream();
        var result = compilation.Emit(bytes);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics));
        return bytes.ToArray();
    }
}
