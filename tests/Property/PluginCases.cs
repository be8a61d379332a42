// The plugins under random operations. Not: the filters over them (FilterCases).

using System;
using System.Collections.Generic;
using NbdFast.Testing;

namespace NbdFast.Property;

/// <summary>A plugin with the parameters that make it a disk of a size.</summary>
/// <param name="Plugin">The plugin.</param>
/// <param name="Parameters">Its parameters.</param>
/// <param name="Text">For messages.</param>
internal sealed record PluginCase(Plugin Plugin, (string Key, string Value)[] Parameters, string Text);

/// <summary>Makes plugins by name. A new one joins by one line in <see cref="Make"/>, and one in
/// <see cref="Names"/>.</summary>
internal static class PluginCases
{
    /// <summary>All of them.</summary>
    public static TheoryData<string> Names => ["memory", "malloc", "data", "file", "split", "capabilities"];

    /// <summary>Makes a disk.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="random">Chooses what the plugin leaves open.</param>
    /// <param name="size">Bytes.</param>
    /// <param name="folder">For files.</param>
    public static PluginCase Make(string name, Random random, int size, TempFolder folder) => name switch
    {
        "memory" => Registered("memory", ("size", $"{size}")),
        "malloc" => Registered("memory", ("size", $"{size}"), ("allocator", "malloc")),
        "data" => Registered("data", ("data", "(@100)*1000"), ("size", $"{size}")),
        "file" => Registered("file", ("file", TempFile(folder, size))),
        "split" => Registered("split", TempFiles(random, size, folder)),
        "capabilities" => AnyCapabilities(random, size),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, null),
    };

    private static PluginCase Registered(string name, params (string Key, string Value)[] parameters) => new(
        Plugins.PluginRegistry.Create(name) ?? throw new InvalidOperationException($"no plugin '{name}'"), parameters,
        name);

    private static string TempFile(TempFolder folder, int size)
    {
        string path = folder.File($"{Guid.NewGuid():n}");
        using var file = System.IO.File.Create(path);
        file.SetLength(size);
        return path;
    }

    // Many small ones, few large ones, empty ones in between.
    private static (string Key, string Value)[] TempFiles(Random random, int size, TempFolder folder)
    {
        List<(string Key, string Value)> files = [];
        int most = random.Next(2) == 0 ? size : 1 + (size / 4);
        for (int left = size; left > 0;)
        {
            int length = random.Next(8) == 0 ? 0 : 1 + random.Next(Math.Min(left, most));
            files.Add(("file", TempFile(folder, length)));
            left -= length;
        }

        return [.. files];
    }

    // A plugin with any set of overrides and any description that fits: what it lacks, the chain must supply.
    private static PluginCase AnyCapabilities(Random random, int size)
    {
        var overridden = (Operations)random.Next((int)Operations.All + 1) | Operations.Read | Operations.Write;
        bool declines = random.Next(2) == 0;
        var fua = (FuaSupport)random.Next(3);
        var cache = (CacheSupport)random.Next(3);
        bool saysMore = random.Next(2) == 0;
        uint maximum = random.Next(2) == 0 ? 0 : 65536u;
        var plugin = new FakePlugin(overridden)
        {
            Disk = new byte[size],
            Calling = name => name == "zero" && declines ? Errno.ENOTSUP : Errno.Ok,
            Describing = Describe,
        };
        return new PluginCase(plugin, [], $"capabilities({overridden}, declines={declines}, fua={fua}, cache={cache})");

        void Describe(ref ExportInfo info)
        {
            info.CanFastZero = saysMore;
            info.Cache = cache;
            if (fua != FuaSupport.Emulate || overridden.HasFlag(Operations.Flush))
                info.Fua = fua;
            if (maximum != 0)
                (info.BlockMinimum, info.BlockPreferred, info.BlockMaximum) = (1, 4096, maximum);
        }
    }
}
