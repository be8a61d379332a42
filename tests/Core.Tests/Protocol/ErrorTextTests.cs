// Texts cut to the room there is. Not: where they go.

using System;
using System.Text;
using NbdFast.Protocol;

namespace NbdFast.Core.Tests.Protocol;

public sealed class ErrorTextTests
{
    [Theory]
    [InlineData(null, 10, "")]
    [InlineData("", 10, "")]
    [InlineData("disk full", 10, "disk full")]
    [InlineData("disk is full", 10, "disk is fu")]
    [InlineData("größe", 4, "grö")]
    [InlineData("größe", 5, "grö")]
    [InlineData("a\U0001f600b", 4, "a")]
    [InlineData("a\U0001f600b", 5, "a\U0001f600")]
    [InlineData("text", 0, "")]
    public void A_text_is_cut_between_characters(string? text, int room, string expected)
    {
        Span<byte> target = stackalloc byte[room];
        int length = ErrorText.Encode(text, target);
        Assert.Equal(expected, Encoding.UTF8.GetString(target[..length]));
    }

    [Fact]
    public void Half_a_character_of_a_broken_text_is_replaced()
    {
        Span<byte> target = stackalloc byte[16];
        int length = ErrorText.Encode("a\ud800b", target);
        Assert.Equal("a\ufffdb", Encoding.UTF8.GetString(target[..length]));
    }
}
