// A chain that is served, with a disk that holds data. Not: how it is used (LoopCase).

using System;
using System.Linq;
using NbdFast.Filters;
using NbdFast.Plugins.Files;
using NbdFast.Plugins.Memory;
using NbdFast.Plugins.Null;
using NbdFast.Testing;

namespace NbdFast.Bench.Loop;

/// <summary>A plugin under filters of one kind.</summary>
internal sealed class LoopChain : IDisposable
{
    private const int FilterOffset = 4096;
    private const int Size = RequestScript.DiskBytes + (8 * FilterOffset);

    private readonly TempFolder _folder = new();

    /// <summary>Starts it.</summary>
    /// <param name="plugin">"memory", "null" or "file".</param>
    /// <param name="filters">How many.</param>
    /// <param name="filter">"offset", which every request goes through, or "nozero", which these requests pass
    /// by.</param>
    /// <param name="fused">Over the types that the generator made of the chain.</param>
    public LoopChain(string plugin, int filters = 0, string filter = "offset", bool fused = false)
    {
        Name = filters == 0 ? plugin : $"{filters} {filter}{(fused ? ", fused," : "")} over {plugin}";
        string disk = _folder.File("disk");
        if (plugin == "file")
            TempDisk.CreateRandom(disk, Size);
        (string, string) parameter = plugin == "file" ? ("file", disk) : ("size", $"{Size}");
        (string, string)[] ofFilters = filters > 0 && filter == "offset" ? [("offset", $"{FilterOffset}")] : [];
        Server = MemoryServer.Start(
            MakePlugin(plugin),
            [.. Enumerable.Range(0, filters).Select(_ => MakeFilter(filter))],
            fuse: fused ? FusedChainRegistry.Connect : null,
            parameters: [parameter, .. ofFilters]);
        if (plugin == "memory")
            Fill();
    }

    /// <summary>What it is made of.</summary>
    public string Name { get; }

    /// <summary>The server.</summary>
    public MemoryServer Server { get; }

    public void Dispose()
    {
        Server.Dispose();
        _folder.Dispose();
    }

    private static Plugin MakePlugin(string name) => name switch
    {
        "memory" => new MemoryPlugin(),
        "null" => new NullPlugin(),
        _ => new FilePlugin(),
    };

    private static Filter MakeFilter(string name) => name == "offset" ? new OffsetFilter() : new NozeroFilter();

    private void Fill()
    {
        using RawClient client = Server.Open();
        byte[] data = new byte[Size];
        data.AsSpan().Fill(1);
        if (client.Write(0, data.AsSpan(0, (int)client.ExportSize)).Error != 0)
            throw new InvalidOperationException($"{Name}: the disk cannot be filled");
        client.Disconnect();
    }
}
