// Long names: which ones FAT allows, and the entries that hold them. Not: 8.3 names (ShortNames).

using System;
using System.Buffers.Binary;
using System.Collections.Generic;

namespace NbdFast.Plugins.Floppy;

/// <summary>A name of up to 255 UTF-16 units, cut into entries of 13.</summary>
internal static class LongName
{
    private const int UnitsPerEntry = 13;
    private const int MostUnits = 255;
    private const byte Attributes = 0x0f;    // Read-only, hidden, system, label: old programs pass over that.
    private const byte LastMark = 0x40;
    private const string Forbidden = "\"*/:<>?\\|";

    // Where in an entry the 13 units lie.
    private static readonly int[] Places = [1, 3, 5, 7, 9, 14, 16, 18, 20, 22, 24, 28, 30];

    /// <summary>The name that stands on the disk: what FAT forbids becomes a low line, and a name that is taken gets a
    /// number. The case of letters does not count.</summary>
    public static string Take(string name, HashSet<string> taken)
    {
        string clean = string.Create(name.Length, name, static (target, source) =>
        {
            for (int i = 0; i < source.Length; i++)
                target[i] = IsForbidden(source[i]) ? '_' : source[i];
            // Blanks and dots at the end count as not there.
            for (int i = target.Length - 1; i >= 0 && target[i] is ' ' or '.'; i--)
                target[i] = '_';
        });
        string unique = clean;
        for (int number = 2; !taken.Add(unique); number++)
        {
            string tail = $"~{number}";
            unique = clean[..Math.Min(clean.Length, MostUnits - tail.Length)] + tail;
        }

        return unique;
    }

    /// <summary>How many entries a name takes.</summary>
    public static int Entries(string name) => (name.Length + UnitsPerEntry - 1) / UnitsPerEntry;

    /// <summary>Writes the entries of a name, its end first, as they stand before the entry of the 8.3 name.</summary>
    /// <param name="bytes">Room for all of them.</param>
    /// <param name="name">The name.</param>
    /// <param name="shortName">The 11 bytes of the 8.3 name.</param>
    public static void Write(Span<byte> bytes, string name, ReadOnlySpan<byte> shortName)
    {
        int count = Entries(name);
        byte sum = Checksum(shortName);
        for (int i = 0; i < count; i++)
        {
            Span<byte> entry = bytes.Slice((count - 1 - i) * FatDirectory.EntryBytes, FatDirectory.EntryBytes);
            entry[0] = (byte)((i + 1) | (i + 1 == count ? LastMark : 0));
            entry[11] = Attributes;
            entry[13] = sum;
            for (int unit = 0; unit < UnitsPerEntry; unit++)
            {
                int index = (i * UnitsPerEntry) + unit;
                // A zero behind the end, then all ones.
                ushort value = index < name.Length ? name[index] : index == name.Length ? (ushort)0 : ushort.MaxValue;
                BinaryPrimitives.WriteUInt16LittleEndian(entry[Places[unit]..], value);
            }
        }
    }

    private static bool IsForbidden(char letter) =>
        letter < ' ' || Forbidden.Contains(letter, StringComparison.Ordinal);

    private static byte Checksum(ReadOnlySpan<byte> shortName)
    {
        byte sum = 0;
        foreach (byte letter in shortName)
            sum = (byte)(((sum & 1) << 7) + (sum >> 1) + letter);
        return sum;
    }
}
