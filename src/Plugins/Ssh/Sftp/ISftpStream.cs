// The bytes between us and an SFTP server. Not: what they mean.

using System;

namespace NbdFast.Plugins.Ssh.Sftp;

/// <summary>A stream of bytes in both directions; nothing but <see cref="Wait"/> waits. One thread at a time may use
/// it.</summary>
internal interface ISftpStream
{
    /// <summary>Instead of a count: nothing more will come, or go.</summary>
    const int Ended = -1;

    /// <summary>Why it has ended.</summary>
    string Failure { get; }

    /// <summary>The server has told that it takes bytes.</summary>
    bool CanSend { get; }

    /// <summary>Takes bytes that have come.</summary>
    /// <returns>How many, 0 if there are none yet, or <see cref="Ended"/>.</returns>
    int Receive(Span<byte> room);

    /// <summary>Sends bytes as far as they go.</summary>
    /// <returns>How many, 0 if none go yet, or <see cref="Ended"/>.</returns>
    int Send(ReadOnlySpan<byte> data);

    /// <summary>Waits until bytes may have come or may go.</summary>
    /// <param name="wake">An event descriptor that ends the wait, or -1.</param>
    /// <param name="timeoutMs">Milliseconds.</param>
    /// <returns>True if the event descriptor is readable.</returns>
    bool Wait(int wake, int timeoutMs);
}
