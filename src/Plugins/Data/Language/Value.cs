// The value of an expression, as far as it had to be found out. Not: how it is found out (Evaluation).

using System;
using NbdFast.Plugins.Data.Contents;

namespace NbdFast.Plugins.Data.Language;

/// <summary>A content, and behind it, if there is one, a source that was not read to its end, because it may not have
/// any.</summary>
/// <param name="Known">What comes first.</param>
/// <param name="Rest">What follows, or null.</param>
/// <param name="IsSource">It is all of a file, or all that a script prints: slices of it may say more than there
/// is.</param>
internal sealed record Value(Content Known, Source? Rest = null, bool IsSource = false)
{
    /// <summary>All of it.</summary>
    /// <exception cref="ConfigException">The source cannot be read, or does not end.</exception>
    public Content All() => Rest == null ? Known : Join(Rest.TakeAll());

    /// <summary>The part between two positions.</summary>
    /// <param name="start">The first.</param>
    /// <param name="end">The one behind the last, or null: up to the end.</param>
    /// <returns>Null if they lie behind the end.</returns>
    public Content? Slice(ulong start, ulong? end)
    {
        Content content = Known;
        if (Rest != null && end == null)
            content = All();
        else if (Rest != null && end > Known.Length)
            content = Join(Rest.Take(end.Value - Known.Length));
        ulong last = end ?? content.Length;
        if (IsSource)
        {
            last = Math.Min(last, content.Length);
            start = Math.Min(start, last);
        }

        return start <= last && last <= content.Length ? content.Slice(start, last - start) : null;
    }

    private Content Join(Content rest)
    {
        if (Known.Length == 0)
            return rest;
        if (rest.Length > Content.MaximumLength - Known.Length)
            throw new ConfigException($"the data is longer than {Content.MaximumLength} bytes");
        LayoutBuilder both = new();
        both.Add(0, Known);
        both.Extend(Known.Length);
        both.Add(Known.Length, rest);
        both.Extend(Known.Length + rest.Length);
        return both.Build();
    }
}
