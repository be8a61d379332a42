// A link that refuses writes, as one that protects a range does. Not: a link of the server.

using System;

namespace NbdFast.Generators.Tests;

internal sealed class RefusingLink : Link
{
    public override Errno Write(ReadOnlySpan<byte> data, ulong offset, RequestFlags flags) => Errno.EPERM;
}
