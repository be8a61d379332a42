// Where content becomes bytes. Not: which content (Content).

using System;

namespace NbdFast.Plugins.Data.Contents;

/// <summary>Takes bytes at their places, each place at most once; zeroes are everywhere else.</summary>
internal interface ICanvas
{
    /// <summary>Takes some bytes.</summary>
    /// <exception cref="ConfigException">There is not enough memory.</exception>
    void Write(ReadOnlySpan<byte> data, ulong offset);
}
