// A program that somebody writes with the packages alone. Not: what it is good for (PackageTests).

using System;
using System.IO;
using NbdFast.Testing;

namespace NbdFast.Interop;

/// <summary>Builds the packages, then a program with them, once for all tests that use it.</summary>
public sealed class SampleProgram : IDisposable
{
    /// <summary>The tests that share it.</summary>
    public const string Collection = "sample program";

    private const string Project = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <TargetFramework>net10.0</TargetFramework>
            <OutputType>Exe</OutputType>
            <AssemblyName>tape</AssemblyName>
            <Nullable>enable</Nullable>
            <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
            <RootNamespace>Sample</RootNamespace>
            <RestorePackagesPath>packages</RestorePackagesPath>
          </PropertyGroup>
          <ItemGroup>
            <PackageReference Include="NbdFast.Cli" Version="*" />
            <AdditionalFiles Include="*.md" />
          </ItemGroup>
        </Project>
        """;

    private const string Sources = """
        <configuration><packageSources><add key="built" value="built" /></packageSources></configuration>
        """;

    // The units of docs/authoring.md, and a secret.
    private const string Units = """
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

            [NbdParameter("passphrase", Help = "What every read begins with.")]
            public Password? Passphrase { get; private set; }

            public override Errno Describe(ref ExportInfo info)
            {
                info.Size = Size;
                info.MultiConn = true;
                return Errno.Ok;
            }

            public override Errno Read(Span<byte> buffer, ulong offset)
            {
                buffer.Fill(Byte);
                if (Passphrase != null && buffer.Length > Passphrase.Bytes.Length)
                    Passphrase.Bytes.CopyTo(buffer);
                return Errno.Ok;
            }
        }

        [NbdFilter("flip", "a disk from its end")]
        public sealed partial class FlipFilter : Filter
        {
            public sealed class Connection<TNext>(FlipFilter filter) : FilterConnection<TNext>
                where TNext : struct, INext
            {
                private readonly FlipFilter _filter = filter;

                public override Errno Describe(ref ExportInfo info)
                {
                    info.CanWrite = false;
                    info.CanExtents = false;
                    return Errno.Ok;
                }

                public override Errno Read(Span<byte> buffer, ulong offset)
                {
                    Errno errno = Next.Read(buffer, Next.Info.Size - offset - (ulong)buffer.Length);
                    buffer.Reverse();
                    return errno;
                }
            }
        }
        """;

    // One line, but for a question that only this test has.
    private const string Program = """
        using NbdFast;
        using NbdFast.Cli;
        using Sample;

        if (System.Environment.GetEnvironmentVariable("INSTEAD") != null)
        {
            Plugin tape = PluginRegistry.Create("tape")!;
            byte[] bytes = new byte[3];
            System.Console.WriteLine(
                $"{tape.Bind("byte", "7")} {tape.Read(bytes, 0) == Errno.Ok} {string.Join(',', bytes)}");
            return 0;
        }

        return NbdFastHost.Run(args, PluginRegistry.All, FilterRegistry.All);
        """;

    private readonly TempFolder _folder = new();

    public SampleProgram()
    {
        File.WriteAllText(_folder.File("tape.csproj"), Project);
        File.WriteAllText(_folder.File("nuget.config"), Sources);
        File.WriteAllText(_folder.File("Units.cs"), Units);
        File.WriteAllText(_folder.File("Program.cs"), Program);
        File.WriteAllText(_folder.File("tape.md"), "# tape\n\nServes one byte.\n");
        File.WriteAllText(_folder.File("flip.md"), "# flip\n\nServes a disk from its end.\n");
        // Nothing is shared with the build that the test itself is part of.
        ShellCommand.Run(
            $"{{ {RepositoryRoot.Path}/build/pack.sh built && dotnet build -o bin -v quiet --nologo "
            + "--disable-build-servers -p:UseSharedCompilation=false; } >log || { cat log; exit 1; }",
            folder: _folder.Path,
            patience: TimeSpan.FromMinutes(10)).Succeeded();
    }

    /// <summary>Runs a command line in which <c>tape</c> is the program.</summary>
    public CommandResult Try(string script) =>
        ShellCommand.Run($"PATH=$PWD/bin:$PATH\n{script}", folder: _folder.Path);

    /// <summary>Runs a command line, which must succeed.</summary>
    /// <returns>Its output.</returns>
    public string Run(string script) => Try(script).Succeeded();

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();
}
