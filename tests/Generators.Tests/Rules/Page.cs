// An additional file of a compilation in memory. Not: a file.

using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace NbdFast.Generators.Tests.Rules;

internal sealed class Page(string path) : AdditionalText
{
    public override string Path => path;

    public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From("# A page");
}
