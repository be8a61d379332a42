// The iso plugin: a CD-ROM made from directories by another program. Not: how programs are run (Tool), requests
// (ImageConnection).

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using NbdFast.Plugins.Shared.Files;
using NbdFast.Plugins.Shared.Images;
using NbdFast.Values;

namespace NbdFast.Plugins.Iso;

/// <summary>Serves directories as an ISO 9660 image, which is made when the server starts.</summary>
[NbdPlugin("iso", "nbdkit iso plugin", ThreadModel = ThreadModel.Parallel, Latency = Latency.MayBlock,
    Description = "Create a virtual ISO (CD-ROM) image from directories.")]
public sealed partial class IsoPlugin : Plugin
{
    private const string Xorriso = "xorriso";

    // The first one that is there is taken. They know the same parameters, xorriso when it is told to.
    private static readonly string[] KnownPrograms = [Xorriso, "genisoimage", "mkisofs"];

    private FileConnection? _image;

    /// <summary>What is to be in the root directory of the image.</summary>
    [NbdParameter("dir", Magic = true, Required = true, ValueName = "DIRECTORY", Help = "The directory to serve.")]
    public List<RealPath> Directories { get; } = [];

    /// <summary>More parameters for the program, as a shell takes them.</summary>
    [NbdParameter("params", ValueName = "PARAMS", Help = "Extra parameters to pass.")]
    public string Parameters { get; private set; } = "";

    /// <summary>The program.</summary>
    [NbdParameter("prog", ValueName = "ISOPROG", Help = "The program used to make ISOs.")]
    public string Program { get; private set; } =
        KnownPrograms.FirstOrDefault(name => Tool.TryFind(name, out _), Xorriso);

    /// <inheritdoc/>
    public override void ConfigComplete()
    {
        if (Program.Length == 0)
            throw new ConfigException("prog must not be empty");
    }

    /// <inheritdoc/>
    public override void DumpFields(TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        output.Write($"iso_prog={Program}\n");
    }

    /// <inheritdoc/>
    public override void GetReady(ThreadModel model)
    {
        TemporaryFile file = TemporaryFile.Create();
        try
        {
            Make(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }

        if (OpenFile.Adopt(file.Descriptor, "the ISO", canWrite: false, out OpenFile? open) != Errno.Ok)
            throw new ConfigException("the ISO cannot be served");
        _image = new FileConnection(open!);
    }

    /// <inheritdoc/>
    public override ImageConnection Open(OpenRequest request) => new(_image!);

    /// <inheritdoc/>
    public override void Dispose()
    {
        _image?.Close();
        base.Dispose();
    }

    // The program writes to its standard output, which is the file: no other name of it is needed.
    private void Make(TemporaryFile file)
    {
        string command = string.Join(' ', [
            Tool.Quoted(Program),
            .. Path.GetFileName(Program) == Xorriso ? (string[])["-as mkisofs"] : [],
            "-quiet",
            .. Parameters.Length > 0 ? (string[])[Parameters] : [],
            .. Directories.Select(directory => Tool.Quoted(directory)),
        ]);
        Log.Debug($"running: {command}");
        int status = Tool.Run(
            ["/bin/sh", "-c", command], "TMPDIR=" + file.Folder, -1, file.Descriptor, out string messages);
        if (status == 0)
        {
            Log.Debug($"{Program}: {messages}");
            return;
        }

        Tool.Repeat(messages);
        throw Tool.Failure(Program, status);
    }
}
