// The file plugin: its parameters and its life. Not: an open file's requests (FileConnection).
// The namespace is Files, for in one named File nobody could name System.IO.File.

using System.IO;
using NbdFast.Plugins.Shared.Files;
using NbdFast.Values;

namespace NbdFast.Plugins.Files;

/// <summary>Serves a file or block device, or the files of a directory.</summary>
[NbdPlugin("file", "nbdkit file plugin", Description = "Serve a file, a block device, or the files of a directory.",
    ThreadModel = ThreadModel.Parallel, Latency = Latency.MayBlock)]
public sealed partial class FilePlugin : Plugin
{
    private IFileSource? _source;

    /// <summary>Reads the debug flag at once: of one that nobody reads the user is told.</summary>
    public FilePlugin() => Space.ReadDebugFlag();

    /// <summary>The file or block device to serve.</summary>
    [NbdParameter("file", Magic = true, ValueName = "FILENAME", Help = "The filename to serve.")]
    public RealPath? File { get; private set; }

    /// <summary>The directory whose files are served.</summary>
    [NbdParameter("dir", ValueName = "DIRNAME", Help = "A directory containing files to serve.")]
    public RealPath? Directory { get; private set; }

    /// <summary>The number of the descriptor to serve.</summary>
    [NbdParameter("fd", ValueName = "FD", Help = "An open file descriptor to serve.")]
    public int? Descriptor { get; private set; }

    /// <summary>The number of the descriptor of a directory whose files are served.</summary>
    [NbdParameter("dirfd", ValueName = "FD", Help = "An open file descriptor of a directory to serve.")]
    public int? DirectoryDescriptor { get; private set; }

    /// <summary>The order in which clients are expected to read.</summary>
    [NbdParameter("fadvise", ValueName = "LEVEL", Help = "Set fadvise hint (normal, random, sequential).")]
    public FadviseMode Fadvise { get; private set; }

    /// <summary>What was read or written leaves the page cache as soon as may be.</summary>
    [NbdParameter("reduce-memory-pressure", ValueName = "BOOL", Help = "Read and write with little page cache.")]
    public bool ReduceMemoryPressure { get; private set; }

    /// <inheritdoc/>
    public override string? SwapObjection => NbdFast.Plugins.Files.SwapObjection.To(_source!);

    /// <inheritdoc/>
    public override bool Config(string key, string value)
    {
        switch (key)
        {
            case "cache":   // The name of reduce-memory-pressure up to nbdkit 1.44.
                ReduceMemoryPressure = value switch
                {
                    "default" => false,
                    "none" => true,
                    _ => throw new ConfigException($"unknown cache mode: {value}"),
                };
                return true;
            case "rdelay" or "wdelay":   // Parameters of this plugin before nbdkit had filters.
                throw new ConfigException($"{key}: add --filter=delay on the command line");
            default:
                return false;
        }
    }

    /// <inheritdoc/>
    public override void ConfigComplete()
    {
        CheckOneMode();
        if (File is { } file)
        {
            NamedFile named = new(file);
            named.CheckKind();
            _source = named;
        }
        else if (Directory is { } directory)
            _source = new ExportDirectory(directory);
        else if (Descriptor is { } descriptor)
            _source = new InheritedFile(descriptor);
        else
            _source = new ExportDirectory(DirectoryDescriptor!.Value);
    }

    /// <inheritdoc/>
    public override void DumpFields(TextWriter output)
    {
        output.WriteLine("file_block_size=yes");
        output.WriteLine("file_blkdiscard=yes");
        output.WriteLine("file_blkrotational=yes");
        output.WriteLine("file_blksszget=yes");
        output.WriteLine("file_blkzeroout=yes");
        output.WriteLine("file_extents=yes");
        output.WriteLine("file_falloc_fl_punch_hole=yes");
        output.WriteLine("file_falloc_fl_zero_range=yes");
    }

    /// <inheritdoc/>
    public override void AfterFork() => _source!.Check();

    /// <inheritdoc/>
    public override string? DefaultExport(ClientInfo client) => _source!.HasNames ? null : "";

    /// <inheritdoc/>
    public override Errno ListExports(ClientInfo client, ExportList exports) => _source!.List(exports);

    /// <inheritdoc/>
    public override FileConnection? Open(OpenRequest request)
    {
        request.Error = _source!.Open(request.ExportName, request.ReadOnly, out OpenFile? file);
        return file == null ? null : new FileConnection(file, Fadvise.Advice, ReduceMemoryPressure);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _source?.Close();
        base.Dispose();
    }

    private void CheckOneMode()
    {
        string[] given =
        [
            .. File == null ? [] : (string[])["file"],
            .. Directory == null ? [] : (string[])["dir"],
            .. Descriptor == null ? [] : (string[])["fd"],
            .. DirectoryDescriptor == null ? [] : (string[])["dirfd"],
        ];
        if (given.Length == 0)
            throw new ConfigException(
                "you must supply either [file=]<FILENAME>, dir=<DIRNAME>, fd=<FD> or dirfd=<FD> parameter " +
                "after the plugin name on the command line");
        if (given.Length > 1)
            throw new ConfigException($"{given[0]}= and {given[1]}= cannot be used at the same time");
    }
}
