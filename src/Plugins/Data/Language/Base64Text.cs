// Base64, as a parameter of its own and within an expression. Not: where it ends there (TokenReader).

using System;
using System.Buffers;
using System.Buffers.Text;

namespace NbdFast.Plugins.Data.Language;

/// <summary>Decodes base64 (RFC 4648, section 4).</summary>
internal static class Base64Text
{
    /// <summary>Decodes a text. White space in it is passed over.</summary>
    /// <returns>The bytes, or null if it is no base64.</returns>
    public static byte[]? Decode(ReadOnlySpan<byte> text)
    {
        byte[] bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(text.Length)];
        OperationStatus status = Base64.DecodeFromUtf8(text, bytes, out int consumed, out int written);
        return status == OperationStatus.Done && consumed == text.Length ? bytes[..written] : null;
    }
}
