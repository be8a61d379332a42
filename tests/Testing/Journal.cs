// The calls that the units of a test got, in order. Not: messages of the server (Log).

using System;
using System.Collections.Generic;
using System.Linq;

namespace NbdFast.Testing;

/// <summary>A list of lines, for any number of threads.</summary>
public sealed class Journal
{
    private readonly List<string> _lines = [];

    /// <summary>All lines so far.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lines)
                return [.. _lines];
        }
    }

    /// <summary>Adds a line.</summary>
    public void Add(string line)
    {
        lock (_lines)
            _lines.Add(line);
    }

    /// <summary>The lines so far, which are then forgotten.</summary>
    public IReadOnlyList<string> Take()
    {
        lock (_lines)
        {
            string[] taken = [.. _lines];
            _lines.Clear();
            return taken;
        }
    }

    /// <summary>The lines that contain a text.</summary>
    public IReadOnlyList<string> With(string text) =>
        [.. Lines.Where(line => line.Contains(text, StringComparison.Ordinal))];
}
