// The answer to --version. Not: the numbers (Release).

using System.Text;

namespace NbdFast.Cli;

/// <summary>Writes versions, one line for the program and one for each unit ("nbdkit-probing(1)").</summary>
internal static class VersionText
{
    /// <summary>The program's line: a name and the number that scripts compare. Called nbdkit, the program adds what it
    /// really is.</summary>
    public static string Program => Log.ProgramName == Release.OwnName
        ? $"{Release.OwnName} {Release.Nbdkit}"
        : $"{Log.ProgramName} {Release.Nbdkit} ({Release.OwnName} {Release.Own})";

    /// <summary>Writes the lines.</summary>
    /// <exception cref="UsageException">A unit is unknown: scripts find out in this way what there is.</exception>
    public static string Write(Options options)
    {
        var text = new StringBuilder();
        text.Append(Program).Append('\n');
        if (options.Plugin == null)
            return text.ToString();
        string plugin = UnitCatalogue.FindPlugin(options.Plugin).Name;
        foreach (string filter in options.Filters)
            text.Append(UnitCatalogue.FindFilter(filter).Name).Append(' ').Append(Release.Nbdkit).Append('\n');
        return text.Append(plugin).Append(' ').Append(Release.Nbdkit).Append('\n').ToString();
    }
}
