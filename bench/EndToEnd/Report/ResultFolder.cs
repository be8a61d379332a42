// Where the results of a run are kept. Not: what is in them.

using System.IO;

namespace NbdFast.Bench.EndToEnd.Report;

/// <summary><c>RESULTS/PROCESSOR/DATE-NAME/</c> with a page, the data and the plots.</summary>
internal sealed class ResultFolder
{
    private readonly Surroundings _surroundings;

    /// <summary>Names it; it is made with the first results.</summary>
    public ResultFolder(BenchOptions options, Surroundings surroundings)
    {
        _surroundings = surroundings;
        string name = $"{surroundings.Started:yyyy-MM-dd}-{options.Name}";
        Path = System.IO.Path.Combine(options.Results, surroundings.ProcessorFolder, name);
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>Draws the plots.</summary>
    public void Draw(Outcome outcome) => Plots.Draw(outcome, Path);

    /// <summary>Writes what is known so far.</summary>
    public void Write(Outcome outcome)
    {
        Directory.CreateDirectory(Path);
        File.WriteAllText(System.IO.Path.Combine(Path, "results.md"), MarkdownReport.Write(outcome, _surroundings));
        File.WriteAllText(System.IO.Path.Combine(Path, "results.json"), JsonReport.Write(outcome, _surroundings));
    }
}
