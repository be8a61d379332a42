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

    /// <summary>Bytes that were taken to be sent have not gone yet.</summary>
    bool HasUnsent { get; }

    /// <summary>Something has come since this was last asked, though perhaps nothing that could be taken: a part of
    /// what is encrypted together, or leave to send more. Whoever would wait tries again instead.</summary>
    bool HasArrived { get; }

    /// <summary>Takes bytes that have come.</summary>
    /// <returns>How many, 0 if there are none yet, or <see cref="Ended"/>.</returns>
    int Receive(Span<byte> room);

    /// <summary>Sends bytes as far as they go.</summary>
    /// <returns>How many, 0 if none go yet, or <see cref="Ended"/>.</returns>
    int Send(ReadOnlySpan<byte> data);

    /// <summary>Waits until bytes may have come or may go. Another thread may meanwhile do anything else.</summary>
    /// <param name="forSending">There was <see cref="HasUnsent"/>.</param>
    /// <param name="wake">An event descriptor that ends the wait, or -1.</param>
    /// <param name="timeoutMs">Milliseconds.</param>
    /// <param name="isWoken">The event descriptor is readable.</param>
    /// <returns>False if time is up.</returns>
    bool Wait(bool forSending, int wake, int timeoutMs, out bool isWoken);
}
