// A link that changes nothing and is not known to fused code, as a trace is. Not: a link of the server.

using System;

namespace NbdFast.Generators.Tests;

internal sealed class PassingLink(Link below) : Link
{
    public int Reads { get; private set; }

    public override Errno Read(Span<byte> buffer, ulong offset)
    {
        Reads++;
        return below.Read(buffer, offset);
    }
}
