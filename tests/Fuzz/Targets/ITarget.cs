// What a kind of fuzzing makes its cases of. Not: running them (FuzzRun).

using System;
using NbdFast.Testing;

namespace NbdFast.Fuzz.Targets;

/// <summary>A part of the protocol under attack.</summary>
internal interface ITarget
{
    /// <summary>Connects, up to where the cases begin.</summary>
    RawClient Connect(LocalServer server);

    /// <summary>The bytes of a case, which depend on the generator only.</summary>
    byte[] MakeCase(Random random);
}
