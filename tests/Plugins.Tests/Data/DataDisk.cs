// Disks of the data plugin for its tests. Not: the tests.

using System;
using System.Collections.Generic;
using System.Globalization;
using NbdFast.Plugins.Data;
using NbdFast.Testing;

namespace NbdFast.Plugins.Tests.Data;

/// <summary>Makes disks of expressions.</summary>
internal static class DataDisk
{
    /// <summary>Starts the plugin with an expression and opens the disk.</summary>
    public static ChainHarness Open(string expression, params (string Key, string Value)[] more) =>
        ChainHarness.Open(new DataPlugin(), [("data", expression), .. more]);

    /// <summary>All bytes of the disk.</summary>
    public static byte[] Bytes(string expression, params (string Key, string Value)[] more)
    {
        using ChainHarness chain = Open(expression, more);
        int size = checked((int)chain.Info.Size);
        return size == 0 ? [] : chain.ReadBytes(0, size);
    }

    /// <summary>All bytes of the disk as pairs of digits.</summary>
    public static string Hex(string expression, params (string Key, string Value)[] more) =>
        Convert.ToHexStringLower(Bytes(expression, more));

    /// <summary>What the user is told when the plugin does not start.</summary>
    public static string Refusal(string expression, params (string Key, string Value)[] more) =>
        Assert.Throws<ConfigException>(() => Bytes(expression, more)).Message;

    /// <summary>Where there is data, in hexadecimal: "0+1000" is the first page.</summary>
    public static string DataExtents(ChainHarness chain)
    {
        List<string> extents = [];
        foreach (Extent extent in chain.Extents(0, chain.Info.Size))
            if (extent.Type == ExtentType.Data)
                extents.Add(string.Create(CultureInfo.InvariantCulture, $"{extent.Offset:x}+{extent.Length:x}"));
        return string.Join(' ', extents);
    }
}
