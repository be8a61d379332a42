// One OpenSSH server for all tests of a class that only look at it. Not: servers that a test kills (SshServer).

using System;

namespace NbdFast.Testing;

/// <summary>A class fixture. The files are <c>disk</c> (3 MiB), <c>odd</c> (1000001 bytes), and
/// <c>folder</c>.</summary>
public sealed class SharedSshServer : IDisposable
{
    /// <summary>The server.</summary>
    public SshServer Server { get; } =
        new("head -c 3M /dev/urandom >disk; head -c 1000001 disk >odd; mkdir folder");

    /// <summary>Ends it.</summary>
    public void Dispose() => Server.Dispose();
}
