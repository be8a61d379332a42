// The exports that a unit lists for a client. Not: the export itself (ExportInfo, Link).

using System;
using System.Collections.Generic;
using System.Text;

namespace NbdFast;

/// <summary>A list of exports (<c>.list_exports</c>, nbdkit_add_export).</summary>
public sealed class ExportList
{
    /// <summary>The most exports that one list may hold; a bound against units that never end.</summary>
    public const int MaximumCount = 10_000;

    private readonly List<Entry> _entries = [];

    /// <summary>One export: its name and a text for people.</summary>
    public readonly record struct Entry(string Name, string? Description);

    /// <summary>How many exports are listed.</summary>
    public int Count => _entries.Count;

    /// <summary>The export at <paramref name="index"/>.</summary>
    public Entry this[int index] => _entries[index];

    /// <summary>The unit wants its default export listed, whatever that is (nbdkit_use_default_export).</summary>
    public bool UseDefaultExport { get; set; }

    /// <summary>Adds an export.</summary>
    /// <returns><see cref="Errno.EINVAL"/> if a text is longer than 4096 bytes of UTF-8 or there are too
    /// many.</returns>
    public Errno Add(string name, string? description = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (_entries.Count >= MaximumCount)
            return Log.Error(Errno.EINVAL, $"too many exports");
        if (Encoding.UTF8.GetByteCount(name) > ExportInfo.MaximumStringBytes)
            return Log.Error(Errno.EINVAL, $"export name too long");
        if (description != null && Encoding.UTF8.GetByteCount(description) > ExportInfo.MaximumStringBytes)
            return Log.Error(Errno.EINVAL, $"export description too long");
        _entries.Add(new Entry(name, description));
        return Errno.Ok;
    }
}
