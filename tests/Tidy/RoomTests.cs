// Rooms: what lies where, and who may know whom. Not: the shape of the code (CodeTests).

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using NbdFast.Testing;

namespace NbdFast.Tidy;

public sealed class RoomTests
{
    // Inside the library: each room and those it may know besides those that all may know.
    private static readonly Dictionary<string, string[]> Neighbours = new(StringComparer.Ordinal)
    {
        ["Api"] = ["Chain"],   // A filter's connection holds the pointers of the layers below.
        ["Values"] = [],
        ["Chain"] = [],
        ["Protocol"] = [],
        ["Handshake"] = ["Chain", "Transport", "Protocol"],
        ["Client"] = ["Transport", "Buffers", "Protocol"],   // The other end of Handshake and Server.
        ["Transport"] = ["Buffers"],
        ["Buffers"] = [],
        ["Drivers"] = ["Buffers"],
        ["Server"] = ["Handshake", "Drivers", "Chain", "Transport", "Buffers", "Protocol"],
        ["Storage"] = ["Buffers"],
        ["Diagnostics"] = [],
        ["Native"] = [],
    };

    // Diagnostics for its debug flags; Client for units that are a client of another server, without its protocol.
    private static readonly string[] KnownToUnits = ["Api", "Values", "Native", "Storage", "Diagnostics", "Client"];

    private static readonly string[] KnownToAll = ["Api", "Values", "Native", "Diagnostics"];

    // Projects and those they may reference; tests may reference all.
    private static readonly Dictionary<string, string[]> References = new(StringComparer.Ordinal)
    {
        ["Core"] = ["Generators"],
        ["Generators"] = [],
        ["Plugins"] = ["Core", "Generators"],
        ["Filters"] = ["Core", "Generators"],
        ["Abi"] = ["Core", "Generators"],
        ["Cli"] = ["Core", "Generators", "Plugins", "Filters", "Abi"],
        ["Program"] = ["Cli"],
    };

    // What several units share.
    private static readonly string[] KnownToAllUnits = ["NbdFast.Plugins.Shared", "NbdFast.Plugins.Scripts"];

    private static readonly Regex UsedUnit =
        new(@"^using (?:static )?(NbdFast\.(?:Plugins|Filters)\.\w+)", RegexOptions.Multiline);

    [Fact]
    public void A_room_of_the_library_is_its_folder_and_its_namespace()
    {
        Tidy.Assert(
            "files whose namespace is not their folder's",
            from file in SourceTree.Product
            where file.IsBelow("src/Core")
            let folders = file.Folder.Split('/')[2..]
            let expected = folders switch
            {
                ["Api"] => "NbdFast",
                ["Api", "Values"] => "NbdFast.Values",
                _ => string.Join('.', folders.Prepend("NbdFast")),
            }
            from name in Namespaces(file)
            where name != expected && !name.StartsWith("System.", StringComparison.Ordinal)
            select $"{file}: {name}, not {expected}");
    }

    [Fact]
    public void The_library_has_no_rooms_but_these()
    {
        Tidy.Assert(
            "unknown rooms",
            SourceTree.Product.Where(file => file.IsBelow("src/Core")).Select(file => file.Folder.Split('/')[2])
                .Where(room => !Neighbours.ContainsKey(room)));
    }

    [Fact]
    public void Rooms_know_only_their_neighbours()
    {
        Tidy.Assert(
            "uses of rooms that are no neighbours",
            from file in SourceTree.Product
            where file.IsBelow("src/Core")
            let room = RoomOf(file)
            from used in UsedRooms(file)
            where used != room && !KnownToAll.Contains(used) && !Neighbours[room].Contains(used)
            select $"{file}: {room} uses {used}");
    }

    [Fact]
    public void Api_border_rooms_stay_out_of_units()
    {
        Tidy.Assert(
            "units that use a room behind the API",
            from file in SourceTree.Product
            where file.IsBelow("src/Plugins") || file.IsBelow("src/Filters")
            from used in UsedRooms(file)
            where !KnownToUnits.Contains(used)
            select $"{file}: {used}");
    }

    [Fact]
    public void Units_do_not_know_each_other()
    {
        Tidy.Assert(
            "units that use another unit",
            from file in SourceTree.Product
            where file.IsBelow("src/Plugins") || file.IsBelow("src/Filters")
            let own = Namespaces(file).First()
            from Match match in UsedUnit.Matches(file.Text)
            let used = match.Groups[1].Value
            where !KnownToAllUnits.Contains(used)
            where own != used && !own.StartsWith(used + ".", StringComparison.Ordinal)
            select $"{file}: {used}");
    }

    [Theory]
    [InlineData("Plugins", "Plugin")]
    [InlineData("Filters", "Filter")]
    public void Every_unit_is_named_as_its_folder_and_has_its_page(string project, string kind)
    {
        HashSet<string> paths = [.. SourceTree.All.Select(file => file.Path)];
        Tidy.Assert(
            "missing files of units",
            from folder in Units(project)
            let name = Path.GetFileName(folder)
            from expected in new[] { $"{folder}/{name}{kind}.cs", $"{folder}/{PageName(folder, name + kind)}.md" }
            where !paths.Contains(expected)
            select expected);
    }

    [Fact]
    public void Projects_reference_only_what_they_may()
    {
        Tidy.Assert(
            "references that are not allowed",
            from project in SourceTree.All
            where project.IsBelow("src") && project.Name.EndsWith(".csproj", StringComparison.Ordinal)
            let own = project.Folder.Split('/')[1]
            from reference in XDocument.Parse(project.Text).Descendants("ProjectReference")
            let target = reference.Attribute("Include")!.Value.Split('/')[1]
            where !References[own].Contains(target)
            select $"{project}: {target}");
    }

    [Fact]
    public void The_solution_has_all_projects()
    {
        string solution = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "NbdFast.sln")).Replace('\\', '/');
        Tidy.Assert(
            "projects outside of the solution",
            SourceTree.All
                .Where(file => file.Name.EndsWith(".csproj", StringComparison.Ordinal) && !file.IsBelow("templates"))
                .Where(file => !solution.Contains($"\"{file.Path}\"", StringComparison.Ordinal))
                .Select(file => file.Path));
    }

    [Fact]
    public void Every_diagnostic_has_its_page()
    {
        HashSet<string> paths = [.. SourceTree.All.Select(file => file.Path)];
        Tidy.Assert(
            "diagnostics without a page",
            from file in SourceTree.Product
            where file.IsBelow("src/Generators")
            from Match match in Regex.Matches(file.Text, "\"(NBDF[0-9]{3})\"")
            let page = $"docs/rules/{match.Groups[1].Value}.md"
            where !paths.Contains(page)
            select page);
    }

    private static IEnumerable<string> Units(string project) =>
        Directory.EnumerateDirectories(Path.Combine(RepositoryRoot.Path, "src", project))
            .Where(folder => Path.GetFileName(folder) is not ("bin" or "obj" or "Shared"))
            .Select(folder => Path.GetRelativePath(RepositoryRoot.Path, folder));

    // A page has the name that users type, which the attribute of the unit tells.
    private static string PageName(string folder, string type)
    {
        SourceFile? unit = SourceTree.Product.FirstOrDefault(file => file.Path == $"{folder}/{type}.cs");
        Match match = Regex.Match(unit?.Text ?? "", @"\[Nbd(?:Plugin|Filter)\(\s*""([^""]+)""");
        return match.Success ? match.Groups[1].Value : "page-of-an-unknown-unit";
    }

    private static IEnumerable<string> Namespaces(SourceFile file) =>
        Regex.Matches(file.Text, @"^namespace ([\w.]+)", RegexOptions.Multiline).Select(match => match.Groups[1].Value);

    private static string RoomOf(SourceFile file) =>
        file.Folder.Split('/')[2..] is ["Api", "Values", ..] ? "Values" : file.Folder.Split('/')[2];

    private static IEnumerable<string> UsedRooms(SourceFile file) =>
        Regex.Matches(file.Text, @"^(?:using (?:static )?|[^/\n]*[^\w.])NbdFast\.(\w+)", RegexOptions.Multiline)
            .Select(match => match.Groups[1].Value)
            .Where(Neighbours.ContainsKey)
            .Distinct();
}
