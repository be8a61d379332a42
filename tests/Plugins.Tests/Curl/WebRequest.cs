// What a client has asked the scripted web server for. Not: the answer (WebResponse).

using System;
using System.Collections.Generic;
using System.Linq;

namespace NbdFast.Plugins.Tests;

/// <summary>A request.</summary>
internal sealed record WebRequest(
    string Method, string Path, string Version, IReadOnlyList<(string Name, string Value)> Headers, byte[] Body)
{
    /// <summary>The first and the last byte that are asked for, or null.</summary>
    public (long First, long Last)? Range
    {
        get
        {
            if (Header("Range") is not { } text)
                return null;
            string[] ends = text["bytes=".Length..].Split('-');
            return (long.Parse(ends[0]), long.Parse(ends[1]));
        }
    }

    /// <summary>The value of a header, or null.</summary>
    public string? Header(string name) =>
        Headers.FirstOrDefault(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
}
