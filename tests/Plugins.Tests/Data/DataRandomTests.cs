// Random expressions, right and wrong. Not: chosen ones (DataLanguageTests, DataMistakeTests).

using System;
using System.Linq;
using System.Text;
using NbdFast.Plugins.Data.Contents;
using NbdFast.Plugins.Data.Language;
using NbdFast.Testing;

namespace NbdFast.Plugins.Tests.Data;

public sealed class DataRandomTests
{
    private const int Rounds = 3000;

    // What the language is made of, so that random texts are about something; but no random scripts, nor files.
    private static readonly string[] Words =
    [
        "1", "0", "255", "0x", "077", "le16:", "be64:1", "base64:", "MTIz", "@", "@+", "@-", "@^", "@^4", "4k", "< ",
        "</dev/null", "<(true)", "<(false)", "\"", "\"a\\", "\\x41\"", "(", ")", "*", "*2", "[", "[1:", ":2]", "[:1]",
        "->", "\\a", "\\", "$", "$v", "$w", "#", "\n", " ", "-",
        "9223372036854775807", "18446744073709551616", "\u20ac", "\0",
    ];

    [Fact]
    public void A_random_expression_gives_what_a_naive_evaluation_gives()
    {
        Seed seed = new();
        for (int round = 0; round < Rounds; round++)
        {
            RandomExpression expression = new(seed.Random);
            (string text, byte[] bytes) = expression.List(4);
            byte[] found = Evaluate(text, [.. expression.Variables]);
            Assert.True(
                bytes.AsSpan().SequenceEqual(found), $"{seed}: {text}\n{string.Join('\n', expression.Variables)}");
        }
    }

    [Fact]
    public void A_random_part_of_a_content_is_that_part_of_its_bytes()
    {
        Seed seed = new();
        for (int round = 0; round < Rounds; round++)
        {
            RandomExpression expression = new(seed.Random);
            (string text, byte[] bytes) = expression.List(4);
            int start = seed.Random.Next(bytes.Length + 1);
            int end = seed.Random.Next(start, bytes.Length + 1);
            byte[] found = Evaluate($"({text})[{start}:{end}]", [.. expression.Variables]);
            Assert.True(bytes.AsSpan(start..end).SequenceEqual(found), $"{seed}: [{start}:{end}] of {text}");
        }
    }

    [Fact]
    public void Random_words_are_bytes_or_one_clear_line()
    {
        Seed seed = new();
        for (int round = 0; round < 5 * Rounds; round++)
        {
            string text = string.Concat(
                Enumerable.Range(0, seed.Random.Next(12)).Select(_ => Words[seed.Random.Next(Words.Length)]));
            CheckAnyText(seed, Encoding.UTF8.GetBytes(text));
        }
    }

    [Fact]
    public void Random_bytes_are_bytes_or_one_clear_line()
    {
        Seed seed = new();
        for (int round = 0; round < 5 * Rounds; round++)
        {
            byte[] text = new byte[seed.Random.Next(20)];
            seed.Random.NextBytes(text);
            // Not a random script, nor a random file.
            CheckAnyText(seed, [.. text.Where(value => value != '<')]);
        }
    }

    private static byte[] Evaluate(string text, params (string Key, string Value)[] more)
    {
        Variables variables = new();
        foreach ((string key, string value) in more)
            variables.Add(key, Encoding.UTF8.GetBytes(value));
        using Shelf shelf = new();
        using Evaluation evaluation = new(variables, shelf);
        return MemoryCanvas.Render(evaluation.Evaluate(new Text(null, Encoding.UTF8.GetBytes(text))).All());
    }

    private static void CheckAnyText(Seed seed, byte[] text)
    {
        Variables variables = new();
        variables.Add("v", "1 \\a $w"u8.ToArray());
        variables.Add("w", "@4 $v"u8.ToArray());
        using Shelf shelf = new();
        using Evaluation evaluation = new(variables, shelf);
        try
        {
            Content content = evaluation.Evaluate(new Text(null, text)).All();
            if (content.Length < 1 << 20)
                Assert.Equal((int)content.Length, MemoryCanvas.Render(content).Length);
        }
        catch (ConfigException error)
        {
            Assert.True(
                error.Message.Split('\n') is [var line] && line.Contains(" at offset ", StringComparison.Ordinal),
                $"{seed}: {Encoding.UTF8.GetString(text)}: {error.Message}");
        }
    }
}
