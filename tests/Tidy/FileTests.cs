// Files as text: their length, their width, their first words. Not: what is in them (CodeTests).

using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;

namespace NbdFast.Tidy;

public sealed partial class FileTests
{
    private const int LongestFile = 500;
    private const int MedianFile = 120;
    private const int LongestLine = 120;
    private const int LongestHeader = 6;

    [Fact]
    public void No_file_is_longer_than_one_can_keep_in_mind()
    {
        Tidy.Assert(
            $"files of more than {LongestFile} lines",
            SourceTree.Code.Where(file => file.Lines.Length > LongestFile)
                .Select(file => $"{file}: {file.Lines.Length} lines"));
    }

    [Fact]
    public void The_median_file_of_the_product_is_short()
    {
        int[] lengths = [.. SourceTree.Product.Select(file => file.Lines.Length).Order()];
        Assert.InRange(lengths[lengths.Length / 2], 1, MedianFile);
    }

    [Fact]
    public void Lines_fit_the_width()
    {
        Tidy.Assert(
            $"lines of more than {LongestLine} columns",
            from file in SourceTree.Code
            from line in file.Lines.Index()
            where line.Item.Length > LongestLine
            select $"{file}:{line.Index + 1}: {line.Item.Length} columns");
    }

    [Fact]
    public void Every_file_says_first_what_it_is_for_and_what_not()
    {
        Tidy.Assert(
            "files without a first paragraph '// For what. Not: ...', followed by an empty line",
            SourceTree.Code.Where(file => !HasHeader(file)).Select(file => file.Path));
    }

    [Fact]
    public void Scripts_say_first_what_they_are_for_and_what_not()
    {
        Tidy.Assert(
            "scripts whose second line does not begin to say so",
            SourceTree.All
                .Where(file => file.Name.EndsWith(".sh", StringComparison.Ordinal) || file.Path == ".ci/run")
                .Where(file => file.Lines is not ["#!/usr/bin/env bash", ['#', ' ', ..], ..])
                .Select(file => file.Path));
    }

    [Fact]
    public void Text_is_unix_text()
    {
        Tidy.Assert(
            "files with carriage returns, tabs, blanks at line ends or no newline at the end",
            SourceTree.Code
                .Where(file => file.Text.Contains('\r', StringComparison.Ordinal)
                    || file.Text.Contains('\t', StringComparison.Ordinal)
                    || !file.Text.EndsWith('\n')
                    || file.Lines.Any(line => line.EndsWith(' ')))
                .Select(file => file.Path));
    }

    [Fact]
    public void Nothing_is_left_for_later()
    {
        Regex later = new("\\b(" + string.Join('|', "TO" + "DO", "FIX" + "ME", "XX" + "X") + ")\\b|NotImplemented"
            + "Exception", RegexOptions.CultureInvariant);
        Tidy.Assert("things left for later", Matches(later, [".cs", ".md", ".sh", ".csproj", ".props"]));
    }

    [Fact]
    public void Nothing_names_a_place_of_one_machine()
    {
        Regex place = new("(^|[^A-Za-z0-9._-])/(" + string.Join('|', "work", "farm", "tmp/h", "home/[a-z]") + ")/");
        Tidy.Assert("paths of one machine", Matches(place, [".cs", ".md", ".sh", ".csproj", ".props", ".json", "run"]));
    }

    [Fact]
    public void Links_between_pages_lead_somewhere()
    {
        HashSet<string> paths = [.. SourceTree.All.Select(file => file.Path)];
        Tidy.Assert(
            "links that lead nowhere",
            from page in SourceTree.All
            where page.Name.EndsWith(".md", StringComparison.Ordinal)
            from Match link in Link().Matches(page.Text)
            let target = Resolve(page.Folder, link.Groups["target"].Value)
            where !paths.Contains(target) && !paths.Any(path => path.StartsWith(target + "/", StringComparison.Ordinal))
            select $"{page}: {link.Groups["target"].Value}");
    }

    private static bool HasHeader(SourceFile file)
    {
        string[] header = [.. file.Lines.TakeWhile(line => line.StartsWith("//", StringComparison.Ordinal))];
        bool ended = header.Length < file.Lines.Length && file.Lines[header.Length].Length == 0;
        return header.Length is > 0 and <= LongestHeader && ended
            && header.All(line => line.StartsWith("// ", StringComparison.Ordinal))
            && NotWord().IsMatch(string.Join(' ', header));
    }

    private static IEnumerable<string> Matches(Regex pattern, string[] endings) =>
        from file in SourceTree.All
        where endings.Any(ending => file.Name.EndsWith(ending, StringComparison.Ordinal))
        from line in file.Lines.Index()
        where pattern.IsMatch(line.Item)
        select $"{file}:{line.Index + 1}: {line.Item.Trim()}";

    private static string Resolve(string folder, string target)
    {
        string full = System.IO.Path.GetFullPath(System.IO.Path.Combine("/", folder, target.Split('#')[0]));
        return full.TrimStart('/').TrimEnd('/');
    }

    // [text](target) to a file; not to the web, to a heading of the same page, or to a page of a manual.
    [GeneratedRegex(@"\]\((?<target>(?!https?:|mailto:|#)[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"\b(Not|not|Nor|nor|Never|never)\b")]
    private static partial Regex NotWord();
}
