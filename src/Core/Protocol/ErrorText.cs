// The text for people that goes along with an error. Not: its place in a reply (OptionHeader, ReplyHeader).

using System;
using System.Buffers;
using System.Text.Unicode;

namespace NbdFast.Protocol;

/// <summary>Texts of any length, as units make them, in the bounds of the protocol.</summary>
internal static class ErrorText
{
    /// <summary>Encodes as much of a text as there is room for, cut between characters.</summary>
    /// <param name="text">The text; null is an empty one.</param>
    /// <param name="target">The room, at most <see cref="Nbd.MaximumStringBytes"/>.</param>
    /// <returns>Bytes written.</returns>
    public static int Encode(string? text, Span<byte> target)
    {
        OperationStatus status = Utf8.FromUtf16(text, target, out _, out int written);
        return status is OperationStatus.Done or OperationStatus.DestinationTooSmall ? written : 0;
    }
}
