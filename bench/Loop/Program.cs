// Measures the whole server over connections in memory and prints a table. Not: a claim about other servers
// (bench/EndToEnd).

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using NbdFast.Testing;

namespace NbdFast.Bench.Loop;

internal static class Program
{
    private const int Rounds = 10;   // The first does not count.
    private const int Deep = 64;

    private static readonly ReplyMode[] Modes = [ReplyMode.Simple, ReplyMode.Structured, ReplyMode.Extended];

    private static void Main()
    {
        LoopChain memory = new("memory");
        LoopChain none = new("null");
        LoopChain file = new("file");
        LoopChain[] filtered =
        [
            new("null", 1), new("null", 2), new("null", 4), new("null", 4, "nozero"),
            new("null", 1, fused: true), new("null", 4, fused: true),
        ];
        LoopChain[] overOthers = [new("memory", 4), new("file", 4)];

        List<(string Title, LoopCase[] Cases)> tables =
        [
            ("Forms of replies, from memory", [.. OfForms(memory)]),
            ("Filters, over the cheapest plugin", [.. OfFilters([none, .. filtered])]),
            ("Plugins", [.. OfPlugins([null, none, memory, overOthers[0], file, overOthers[1]])]),
        ];

        OtherLoad load = OtherLoad.Begin();

        // Rounds go through all cases, so that a machine that slows down or speeds up does so for all of them.
        for (int round = 0; round < Rounds; round++)
        {
            foreach (LoopCase one in tables.SelectMany(table => table.Cases))
                one.Run();
            Console.Error.Write($"\rround {round + 1} of {Rounds}");
        }

        Console.Error.WriteLine();
        Print(tables, load.Tell());
        foreach (LoopChain chain in (LoopChain[])[memory, none, file, .. filtered, .. overOthers])
            chain.Dispose();
    }

    private static IEnumerable<LoopCase> OfForms(LoopChain chain) =>
        from request in new[] { "read 4k", "write 4k", "block status", "flush" }
        from mode in Modes
        where request != "block status" || mode != ReplyMode.Simple
        from depth in new[] { 1, Deep }
        select new LoopCase(chain, request, mode, depth);

    private static IEnumerable<LoopCase> OfFilters(LoopChain[] chains) =>
        from request in new[] { "read 4k", "write 4k" }
        from chain in chains
        select new LoopCase(chain, request, ReplyMode.Simple, Deep);

    private static IEnumerable<LoopCase> OfPlugins(LoopChain?[] chains) =>
        from chain in chains
        from request in new[] { "read 4k", "write 4k" }
        from depth in new[] { 1, Deep }
        select new LoopCase(chain, request, ReplyMode.Simple, depth);

    private static void Print(List<(string Title, LoopCase[] Cases)> tables, string load)
    {
        string cpu = File.ReadLines("/proc/cpuinfo")
            .First(line => line.StartsWith("model name", StringComparison.Ordinal));
        Console.WriteLine("# Loop");
        Console.WriteLine();
        Console.WriteLine($"{cpu[(cpu.IndexOf(':') + 2)..]}, {Environment.ProcessorCount} processors,"
            + $" {RuntimeInformation.FrameworkDescription}, by `bench/Loop/run.sh`: medians of {Rounds - 1} rounds.");
        Console.WriteLine(load);
        foreach ((string title, LoopCase[] cases) in tables)
        {
            Console.WriteLine();
            Console.WriteLine($"## {title}");
            Console.WriteLine();
            Console.WriteLine("| chain | request | replies | depth | CPU ns | ns | best ns | bytes allocated |");
            Console.WriteLine("|---|---|---|---:|---:|---:|---:|---:|");
            foreach (LoopCase one in cases)
                Console.WriteLine(one);
        }
    }
}
