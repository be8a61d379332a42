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
    private const int MostRefusals = 50;

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
        for (int attempt = 0; attempt < MostRefusals; attempt++)
            if (TryOpen(plugin, random, folder) is { } chain)
                return chain;
        throw new Mismatch($"{MostRefusals} chains in a row were refused");
    }

    // Null if a filter said that it does not go with the layers below.
    private static RandomChain? TryOpen(string plugin, Random random, TempFolder folder)
    {
        // Small disks make operations meet; large ones reach over several pieces of emulation.
        int size = random.Next(4) == 0 ? 64 * 1024 + random.Next(LargestDisk) : 16 * 1024 + random.Next(128 * 1024);
        PluginCase bottom = PluginCases.Make(plugin, random, size, folder);
        List<FilterCase> filters = FilterCases.Some(random, size, folder);
        string text = string.Join(" > ", [.. filters.Select(filter => filter.Text), $"{bottom.Text} of {size}"]);
        ChainHarness harness;
        try
        {
            harness = ChainHarness.Start(
                bottom.Plugin, [.. filters.Select(filter => filter.Filter)],
                [.. bottom.Parameters, .. filters.SelectMany(filter => filter.Parameters)]);
        }
        catch (ConfigException e)
        {
            throw new Mismatch($"{text}: {e.Message}");
        }

        Errno errno = harness.Connect(out _);
        if (errno == Errno.Ok)
            return new RandomChain(harness, text);
        harness.Dispose();
        return errno == Errno.EINVAL && filters.Any(filter => filter.IsPicky)
            ? null
            : throw new Mismatch($"{text}: open: {errno}: {Log.TakeLastError()}");
    }

    /// <inheritdoc/>
    public void Dispose() => Harness.Dispose();
}
