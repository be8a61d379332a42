// A chain chosen by chance, open for a client. Not: what is done to it (RandomOperations).

using System;
using System.Collections.Generic;
using System.Linq;
using NbdFast.Testing;

namespace NbdFast.Property;

/// <summary>A plugin with some filters over it.</summary>
internal sealed class RandomChain : IDisposable
{
    private const int LargestDisk = 3 << 20;

    private RandomChain(ChainHarness harness, string text)
    {
        Harness = harness;
        Text = text;
    }

    /// <summary>The chain, with one client.</summary>
    public ChainHarness Harness { get; }

    /// <summary>What it is, for messages.</summary>
    public string Text { get; }

    /// <summary>Opens a chain.</summary>
    public static RandomChain Open(string plugin, Random random, TempFolder folder)
    {
        // Small disks make operations meet; large ones reach over several pieces of emulation.
        int size = random.Next(4) == 0 ? 64 * 1024 + random.Next(LargestDisk) : 16 * 1024 + random.Next(128 * 1024);
        PluginCase bottom = PluginCases.Make(plugin, random, size, folder);
        List<FilterCase> filters = FilterCases.Some(random, size);
        string text = string.Join(" > ", [.. filters.Select(filter => filter.Text), $"{bottom.Text} of {size}"]);
        try
        {
            ChainHarness harness = ChainHarness.Open(
                bottom.Plugin, [.. filters.Select(filter => filter.Filter)],
                [.. bottom.Parameters, .. filters.SelectMany(filter => filter.Parameters)]);
            return new RandomChain(harness, text);
        }
        catch (Exception e) when (e is ConfigException or InvalidOperationException)
        {
            throw new Mismatch($"{text}: {e.Message}");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Harness.Dispose();
}
