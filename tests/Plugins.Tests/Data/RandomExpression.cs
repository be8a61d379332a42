// Random expressions of the data plugin's language, each with the bytes that it must give. Not: the comparison
// (DataRandomTests).

using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace NbdFast.Plugins.Tests.Data;

/// <summary>Writes an expression and works it out on the way, byte by byte.</summary>
/// <param name="random">Chooses.</param>
internal sealed class RandomExpression(Random random)
{
    private const int LongestExpression = 20_000;
    private static readonly string[] Gaps = [" ", "  ", "\n", "\t", " # comment ( \" \n", " #\n "];

    private readonly Stack<Dictionary<string, byte[]>> _scopes = new();

    /// <summary>Parameters that the expression uses as variables.</summary>
    public List<(string Key, string Value)> Variables { get; } = [];

    /// <summary>Writes a list.</summary>
    /// <param name="depth">How deep others may lie in it.</param>
    public (string Text, byte[] Bytes) List(int depth)
    {
        _scopes.Push([]);
        StringBuilder text = new();
        List<byte> bytes = [];
        int offset = 0;
        for (int i = random.Next(6); i > 0; i--)
        {
            text.Append(Gap());
            if (random.Next(4) == 0)
                text.Append(Move(bytes, ref offset));
            else
                Put(bytes, ref offset, Item(depth, text));
        }

        _scopes.Pop();
        return (text.Append(Gap()).ToString(), [.. bytes]);
    }

    private static void Grow(List<byte> bytes, int length)
    {
        while (bytes.Count < length)
            bytes.Add(0);
    }

    private static void Put(List<byte> bytes, ref int offset, byte[] item)
    {
        Grow(bytes, offset + item.Length);
        foreach (byte value in item)
            bytes[offset++] = value;
    }

    private string Gap() => Gaps[random.Next(Gaps.Length)];

    private string Move(List<byte> bytes, ref int offset)
    {
        int number = random.Next(40);
        int alignment = 1 << (number / 8);
        (string text, offset) = random.Next(4) switch
        {
            0 => ($"@{Number(number)}", number),
            1 => ($"@+{Number(number)}", offset + number),
            2 => ($"@-{Number(Math.Min(number, offset))}", offset - Math.Min(number, offset)),
            _ => ($"@^{alignment}", (offset + alignment - 1) / alignment * alignment),
        };
        Grow(bytes, offset);
        return text;
    }

    private string Number(long number) => random.Next(3) switch
    {
        0 => $"0x{number:x}",
        1 => "0" + Convert.ToString(number, 8),
        _ => number.ToString(CultureInfo.InvariantCulture),
    };

    // An expression and what is done with it. What gets a name writes nothing.
    private byte[] Item(int depth, StringBuilder text)
    {
        (string start, byte[] bytes) = Expression(depth);
        text.Append(start);
        while (random.Next(3) == 0)
        {
            if (random.Next(2) == 0 && bytes.Length < LongestExpression / 4)
            {
                int times = random.Next(5);
                text.Append(random.Next(2) == 0 ? "*" : " * ").Append(Number(times));
                bytes = [.. Enumerable.Repeat(bytes, times).SelectMany(part => part)];
                continue;
            }

            int from = random.Next(bytes.Length + 1);
            int to = random.Next(from, bytes.Length + 1);
            bool isOpen = random.Next(3) == 0;
            text.Append(CultureInfo.InvariantCulture,
                $"[{(from == 0 ? "" : Number(from))}:{(isOpen ? "" : Number(to))}]");
            bytes = isOpen ? bytes[from..] : bytes[from..to];
        }

        if (random.Next(5) > 0)
            return bytes;
        string name = $"n{random.Next(4)}";
        text.Append(random.Next(2) == 0 ? " -> \\" : "->\\").Append(name);
        _scopes.Peek()[name] = bytes;
        return [];
    }

    private (string Text, byte[] Bytes) Expression(int depth)
    {
        switch (random.Next(depth > 0 ? 8 : 4))
        {
            case 0:
                return Word();
            case 1:
                return Text();
            case 2:
                byte[] encoded = Noise();
                return ($"base64:{Convert.ToBase64String(encoded)}", encoded);
            case 4 or 5:
                (string text, byte[] bytes) = List(depth - 1);
                return ($"({text})", bytes);
            case 6 when _scopes.FirstOrDefault(scope => scope.Count > 0) is { } scope:
                string name = scope.Keys.ElementAt(random.Next(scope.Count));
                return ($"\\{name}", _scopes.First(inner => inner.ContainsKey(name))[name]);
            case 7:
                (string value, byte[] content) = List(depth - 1);
                Variables.Add(($"v{Variables.Count}", value));
                return ($"${Variables[^1].Key}", content);
            default:
                byte single = (byte)random.Next(256);
                return (Number(single), [single]);
        }
    }

    private (string Text, byte[] Bytes) Word()
    {
        int size = 2 << random.Next(3);
        bool isLittle = random.Next(2) == 0;
        byte[] bytes = new byte[8];
        random.NextBytes(bytes.AsSpan(0, size));
        ulong number = BitConverter.ToUInt64(bytes);
        byte[] word = bytes[..size];
        if (!isLittle)
            Array.Reverse(word);
        return ($"{(isLittle ? "le" : "be")}{size * 8}:{(random.Next(2) == 0 ? $"0x{number:X}" : $"{number}")}", word);
    }

    private (string Text, byte[] Bytes) Text()
    {
        byte[] bytes = Noise();
        StringBuilder text = new("\"");
        foreach (byte value in bytes)
            text.Append(value switch
            {
                (byte)'"' or (byte)'\\' => $"\\{(char)value}",
                (byte)'\n' => random.Next(2) == 0 ? "\n" : "\\n",
                >= 0x20 and < 0x7f => ((char)value).ToString(),
                _ => random.Next(2) == 0 ? $"\\x{value:x2}" : "\\" + Convert.ToString(value, 8).PadLeft(3, '0'),
            });
        return (text.Append('"').ToString(), bytes);
    }

    private byte[] Noise()
    {
        byte[] bytes = new byte[random.Next(12)];
        random.NextBytes(bytes);
        if (random.Next(3) == 0)
            Array.Clear(bytes);
        return bytes;
    }
}
