// The library as a package, used by a plugin that somebody else writes. Not: the package for Debian (InstallTests).

using System;
using System.IO;
using NbdFast.Testing;

namespace NbdFast.Interop;

[Trait("Needs", "checkout")]
public sealed class PackageTests
{
    private const string Project = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <TargetFramework>net10.0</TargetFramework>
            <OutputType>Exe</OutputType>
            <LangVersion>14</LangVersion>
            <Nullable>enable</Nullable>
            <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
            <RootNamespace>Sample</RootNamespace>
            <RestorePackagesPath>packages</RestorePackagesPath>
          </PropertyGroup>
          <ItemGroup>
            <PackageReference Include="NbdFast" Version="*" />
            <AdditionalFiles Include="*.md" />
          </ItemGroup>
        </Project>
        """;

    private const string Sources = """
        <configuration><packageSources><add key="built" value="built" /></packageSources></configuration>
        """;

    // The plugin of docs/authoring.md in few words, and a main program that does what a server does with it.
    private const string Plugin = """
        using System;
        using NbdFast;
        using NbdFast.Values;

        namespace Sample;

        [NbdPlugin("tape", "a disk of one byte", Latency = Latency.Memory)]
        public sealed partial class TapePlugin : Plugin
        {
            [NbdParameter("size", Magic = true, Required = true, Help = "Size of the disk.")]
            public DiskSize Size { get; private set; }

            [NbdParameter("byte", Help = "The byte to repeat (default: 0).")]
            public byte Byte { get; private set; }

            public override Errno Describe(ref ExportInfo info)
            {
                info.Size = Size;
                return Errno.Ok;
            }

            public override Errno Read(Span<byte> buffer, ulong offset)
            {
                buffer.Fill(Byte);
                return Errno.Ok;
            }
        }

        internal static class Program
        {
            private static void Main()
            {
                Plugin tape = PluginRegistry.Create("tape")!;
                Console.WriteLine(tape.MissingParameter != null);
                Console.WriteLine(tape.Bind("size", "2M") && tape.Bind("byte", "7") && !tape.Bind("other", ""));
                ExportInfo info = default;
                tape.Describe(ref info);
                byte[] bytes = new byte[3];
                Console.WriteLine($"{tape.Table.MagicKey} {info.Size} {tape.Read(bytes, 0)} {string.Join(',', bytes)}");
            }
        }
        """;

    [Fact]
    public void A_plugin_of_another_project_is_built_with_the_package_alone()
    {
        using TempFolder folder = new();
        File.WriteAllText(folder.File("Tape.csproj"), Project);
        File.WriteAllText(folder.File("nuget.config"), Sources);
        File.WriteAllText(folder.File("Tape.cs"), Plugin);
        File.WriteAllText(folder.File("tape.md"), "# tape\n\nServes one byte.\n");
        // Output of a build of its own, so that this never meets the build that the test itself is part of.
        const string Alone = "-v quiet --nologo --disable-build-servers -p:UseSharedCompilation=false";
        string pack = $"dotnet pack {RepositoryRoot.Path}/src/Core -c Release -o built {Alone} "
            + "-p:NbdFlavour=package -p:NbdTargetFramework=net10.0";
        Assert.Equal(
            "True\nTrue\nsize 2097152 Ok 7,7,7",
            ShellCommand.Run(
                $"{pack} >log && dotnet build {Alone} >>log && dotnet bin/Debug/net10.0/Tape.dll "
                + "|| { cat log; exit 1; }",
                folder: folder.Path,
                patience: TimeSpan.FromMinutes(10)).Succeeded());
    }
}
